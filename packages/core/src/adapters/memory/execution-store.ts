import type { Clock } from '../../ports/clock.ts';
import type { Append, ExecutionRecord, ExecutionStore, Woken } from '../../ports/execution-store.ts';
import { checkAppend, checkPost } from './check-append.ts';
import { isCompleted, queryExecutions } from './execution-query.ts';
import { createExecutions, type Held } from './executions.ts';
import { type Clearable, createGate, type Gate } from './gate.ts';
import { standingAfter } from './ownership.ts';
import { selectPrunable } from './retention.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryExecutionStoreOptions {
  /** So many completed executions stay; those that completed first go. @defaultValue 1000 */
  maxCompleted?: number;
  /** By which leases count. @defaultValue the clock of the system */
  clock?: Pick<Clock, 'now'>;
}

/** What the store has to do with the others of its storage. */
export interface ExecutionStoreParts {
  gate: Gate;
  /** Told of every execution that goes. */
  onForget(id: string): void;
}

/** A store that can be emptied, and asked without waiting. */
export type MemoryExecutionStore = ExecutionStore & Clearable & { has(id: string): boolean };

/**
 * Keeps executions in the memory of the process. Nothing is ever lost while they run; of the completed ones
 * only the last stay, so that a process that runs for long does not grow.
 */
export function createMemoryExecutionStore(options: MemoryExecutionStoreOptions = {}): ExecutionStore {
  const gate = createGate('execution store', { close: async () => store.clear() });
  const store = executionStoreOf(options, { gate, onForget: () => undefined });
  return store;
}

/** Makes the store as a part of a storage. Each method has done everything before it gives way to another one. */
export function executionStoreOf(
  { maxCompleted = 1000, clock = Date }: MemoryExecutionStoreOptions,
  { gate, onForget }: ExecutionStoreParts,
): MemoryExecutionStore {
  const executions = createExecutions(clock);
  /** In the order in which they completed. */
  const completed = new Set<string>();

  const forget = (id: string): void => {
    completed.delete(id);
    executions.forget(id);
    onForget(id);
  };

  const note = (held: Held): void => {
    completed.delete(held.id);
    if (!isCompleted(held.summary)) return;
    completed.add(held.id);
    for (const oldest of completed) {
      if (completed.size <= maxCompleted) break;
      forget(oldest);
    }
  };

  const append = (given: Append): Woken[] => {
    const now = clock.now();
    const before = executions.get(given.summary.id);
    checkAppend(given, before);
    const standing = standingAfter(given, before?.standing, before ? leaves(before, given) : false, now);
    const events = given.events.map(snapshot);
    const summary = snapshot(given.summary);
    const isFree = (each: Held): boolean =>
      each.standing.owner === undefined && executions.isReady(each, now);
    const wasFree = before !== undefined && isFree(before);
    // From here on nothing can fail any more, but for the creation, which changes nothing then.
    const held = before ?? executions.create(given);
    for (const event of events) held.events.push(event);
    held.seq += events.length;
    held.epoch = given.epoch;
    for (const id of given.handled ?? []) held.messages.delete(id);
    const called = executions.become(held, summary);
    if (isCompleted(summary)) held.messages.clear();
    executions.stand(held, standing);
    const woken = called.filter(isFree);
    if (!wasFree && isFree(held)) woken.push(held);
    for (const message of given.messages ?? []) {
      const to = executions.get(message.execution_id);
      if (!to || isCompleted(to.summary)) continue;
      executions.deliver(message, to);
      woken.push(to);
    }
    note(held);
    return [...new Set(woken)].map(executions.wokenOf);
  };

  return {
    open: gate.open,
    close: gate.close,
    clear() {
      executions.clear();
      completed.clear();
    },
    has: (id) => executions.get(id) !== undefined,
    async append(given) {
      gate.check();
      return append(given);
    },
    async get(id) {
      gate.check();
      const held = executions.get(id);
      return held && recordOf(held);
    },
    async findByKey(workflowId, key) {
      gate.check();
      return executions.findByKey(workflowId, key)?.summary;
    },
    async *events(id, after = 0) {
      gate.check();
      const events = executions.get(id)?.events ?? [];
      for (let index = after; index < events.length; index++) yield events[index]!;
    },
    async list(query = {}) {
      gate.check();
      return queryExecutions(executions.all(), query);
    },
    async prune(retention, now, batch) {
      gate.check();
      const ids = selectPrunable(executions.all(), retention, now, batch);
      for (const id of ids) forget(id);
      return ids.length;
    },
    async heartbeat(worker, ttl) {
      gate.check();
      executions.workers.renew(worker, clock.now() + ttl);
    },
    async retire(worker) {
      gate.check();
      executions.workers.end(worker, clock.now());
    },
    async ready(now, limit) {
      gate.check();
      return executions.ready(now, limit);
    },
    async nextReady() {
      gate.check();
      return executions.nextReady();
    },
    async claim(id, worker, now) {
      gate.check();
      const held = executions.get(id);
      if (!held || !executions.isReady(held, now)) return undefined;
      if (!executions.workers.isRunning(worker, clock.now())) return undefined;
      held.epoch++;
      executions.stand(held, { owner: worker });
      return recordOf(held);
    },
    async post(message) {
      gate.check();
      const to = executions.get(message.execution_id);
      checkPost(message, to && { ended: isCompleted(to.summary), waiting: to.messages });
      executions.deliver(message, to!);
      return executions.wokenOf(to!);
    },
    async messages(executionId) {
      gate.check();
      return [...(executions.get(executionId)?.messages.values() ?? [])];
    },
    async mail(worker) {
      gate.check();
      return [...executions.workers.owned(worker)].filter((id) => executions.get(id)!.messages.size > 0);
    },
  };
}

/** Whether messages wait for an execution that an append does not handle. */
function leaves({ messages }: Held, { handled = [] }: Append): boolean {
  if (messages.size === 0) return false;
  return messages.size > new Set(handled.filter((id) => messages.has(id))).size;
}

function recordOf({ summary, seq, epoch, document, origin, standing }: Held): ExecutionRecord {
  const { owner, wake_at } = standing;
  return Object.freeze({
    ...{ ...summary, seq, epoch, document },
    ...(origin && { origin }),
    ...(owner !== undefined && { owner }),
    ...(wake_at !== undefined && { wake_at }),
  });
}
