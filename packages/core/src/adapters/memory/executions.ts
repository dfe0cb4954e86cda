import type { StoredEvent } from '../../model/event.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Append, ExecutionSummary, Message, Origin, Woken } from '../../ports/execution-store.ts';
import { type HistoryEnd, keyTaken, limitReached } from './check-append.ts';
import { isCompleted } from './execution-query.ts';
import { atOnce, idle, type Standing } from './ownership.ts';
import { createReadyLine, type Waiter } from './ready-line.ts';
import { snapshot } from './snapshot.ts';
import { createTurns } from './turns.ts';
import { createWorkers, type Workers } from './workers.ts';

/** All that there is of one execution. */
export interface Held extends HistoryEnd {
  readonly id: string;
  summary: ExecutionSummary;
  readonly document: WorkflowDocument;
  readonly origin?: Origin;
  readonly events: StoredEvent[];
  standing: Standing;
  /** What waits for it, by id, in the order of arrival. */
  readonly messages: Map<string, Message>;
  /** False while others with its concurrency key go first. */
  called: boolean;
  /** Its place among those that can be claimed now or later. */
  waiter?: Waiter;
}

/** Executions and everything that they are found by, kept in step. */
export interface Executions {
  readonly workers: Workers;
  get(id: string): Held | undefined;
  all(): Iterable<Held>;
  findByKey(workflowId: string, key: string): Held | undefined;
  /** Adds the execution that an append creates, without its events. @throws ALREADY_EXISTS, CONCURRENCY_LIMIT */
  create(append: Append): Held;
  forget(id: string): void;
  clear(): void;
  stand(held: Held, standing: Standing): void;
  /** Takes over a summary. @returns the executions whose turn it is by that */
  become(held: Held, summary: ExecutionSummary): Held[];
  deliver(message: Message, to: Held): void;
  isReady(held: Held, now: number): boolean;
  /** Of those that are ready the ids of the first. */
  ready(now: number, limit: number): string[];
  nextReady(): number | undefined;
  /** What to tell of one that may be ready. */
  wokenOf(held: Held): Woken;
}

/** Makes it empty. Everything but {@link Executions.all} takes a time that hardly grows with the number of executions. */
export function createExecutions(clock: Pick<Clock, 'now'>): Executions {
  const executions = new Map<string, Held>();
  /** Ids by workflow and idempotency key. */
  const keys = new Map<string, string>();
  let line = createReadyLine();
  let turns = createTurns();
  let workers = createWorkers();

  /** Gives it its place by how it stands. */
  const place = (held: Held): void => {
    const { id, called, standing } = held;
    if (held.waiter) line.remove(held.waiter);
    held.waiter = called && standing.wake_at !== undefined ? line.add(id, standing) : undefined;
    if (standing.owner !== undefined) workers.own(standing.owner, id, called);
  };

  const call = (held: Held): void => {
    if (held.called) return;
    held.called = true;
    place(held);
  };

  const stand = (held: Held, standing: Standing): void => {
    if (held.standing === standing) return;
    if (held.standing.owner !== undefined) workers.disown(held.standing.owner, held.id);
    held.standing = standing;
    place(held);
  };

  const become = (held: Held, summary: ExecutionSummary): Held[] => {
    held.summary = summary;
    const concurrency = held.origin?.concurrency;
    if (!concurrency) return [];
    if (!isCompleted(summary)) {
      if (turns.enter(held.id, concurrency, summary.status !== 'pending')) call(held);
      return [];
    }
    const called = turns.leave(held.id, concurrency.key).map((id) => executions.get(id)!);
    for (const each of called) call(each);
    return called;
  };

  return {
    get workers() {
      return workers;
    },
    get: (id) => executions.get(id),
    all: () => executions.values(),
    findByKey(workflowId, key) {
      const id = keys.get(keyOf(workflowId, key));
      return id === undefined ? undefined : executions.get(id);
    },
    create(append) {
      const { summary, origin } = append;
      const { id, workflow_id } = summary;
      const key = origin?.idempotency_key;
      const slot = key === undefined ? undefined : keyOf(workflow_id, key);
      const other = slot === undefined ? undefined : keys.get(slot);
      if (other !== undefined) throw keyTaken(append, other);
      const concurrency = origin?.concurrency;
      if (concurrency?.policy === 'skip' && turns.count(concurrency.key) >= concurrency.limit) {
        throw limitReached(append);
      }
      const held: Held = {
        ...{ id, seq: 0, epoch: 0, events: [], messages: new Map() },
        summary: snapshot(summary),
        document: snapshot(append.document!),
        ...(origin && { origin: snapshot(origin) }),
        standing: idle,
        called: concurrency === undefined,
      };
      executions.set(id, held);
      if (slot !== undefined) keys.set(slot, id);
      return held;
    },
    forget(id) {
      const held = executions.get(id);
      if (!held) return;
      executions.delete(id);
      const key = held.origin?.idempotency_key;
      if (key !== undefined) keys.delete(keyOf(held.summary.workflow_id, key));
    },
    clear() {
      executions.clear();
      keys.clear();
      line = createReadyLine();
      turns = createTurns();
      workers = createWorkers();
    },
    stand,
    become,
    deliver(message, to) {
      if (to.messages.has(message.id)) return;
      to.messages.set(message.id, snapshot(message));
      if (to.standing.owner === undefined) stand(to, atOnce(to.standing, clock.now()));
    },
    isReady(held, now) {
      if (isCompleted(held.summary) || !held.called) return false;
      const { owner, wake_at, at_once } = held.standing;
      if (owner !== undefined) return !workers.isRunning(owner, clock.now());
      return wake_at !== undefined && (at_once === true || Date.parse(wake_at) <= now);
    },
    ready(now, limit) {
      const waiting = line.first(now, limit);
      const left = workers.abandoned(clock.now(), limit);
      if (left.length === 0) return waiting.map(({ id }) => id);
      const all = [...left, ...waiting].sort((a, b) => a.due - b.due);
      return all.slice(0, limit).map(({ id }) => id);
    },
    nextReady() {
      const [a, b] = [line.next(), workers.next()];
      return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
    },
    wokenOf({ id, standing: { owner } }) {
      const running = owner !== undefined && workers.isRunning(owner, clock.now());
      return running ? { execution_id: id, owner } : { execution_id: id };
    },
  };
}

/** No two pairs give the same text. */
function keyOf(workflowId: string, key: string): string {
  return `${workflowId.length}:${workflowId}${key}`;
}
