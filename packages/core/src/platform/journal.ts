import type { Facts, Journal } from '../engine/journal.ts';
import { pickRef } from '../machine/schedule.ts';
import type { EventOf, StoredEvent } from '../model/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Append, ExecutionStore, Message, Origin, Woken } from '../ports/execution-store.ts';
import type { Logger } from '../ports/logger.ts';
import { type ChildSummary, endMessage, type MessageBody } from './message.ts';
import { isPassing, patiently } from './patience.ts';
import { startedByEnded } from './relatives.ts';

export interface LeasedJournalOptions {
  readonly id: string;
  readonly store: ExecutionStore;
  readonly worker: string;
  readonly epoch: number;
  readonly origin: Origin | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is among these as long as what happened cannot be recorded. */
  readonly unrecorded: Set<string>;
  readonly parkAfter: number;
  readonly lookForTasks: number;
  /** Children that are to end with it. */
  children(): Promise<Iterable<string>> | Iterable<string>;
  /** Ids of messages that fit nothing now. */
  early(): readonly string[];
  /** True while a message is about to be taken in, or may be near. */
  expectant(): boolean;
  /** True once the worker has given up. */
  closed(): boolean;
  /** Does what has to be done before these are recorded. @returns nothing to wait for when there is nothing to do */
  recording(facts: Facts): Promise<void> | undefined;
  recorded(facts: Facts, woken: readonly Woken[]): void;
}

/**
 * Records for a worker that owns the execution. While the store cannot be reached it keeps what happened and tries
 * again: a step that has run must not run again because the database was restarted.
 */
export function createLeasedJournal(options: LeasedJournalOptions): Journal {
  return {
    parkAfter: options.parkAfter,
    lookForTasks: options.lookForTasks,
    expectant: () => options.expectant(),
    // Of an earlier version, whoever cancels one with a concurrency key ends it without its owner until its start is recorded.
    claims: options.origin?.concurrency === undefined,
    // Every step comes through here: it waits for the store, and for nothing else that need not be.
    async record(facts) {
      let children: Iterable<string> = [];
      if (facts.summary.completed_at === undefined) {
        const prepared = options.recording(facts);
        if (prepared !== undefined) await prepared;
      } else {
        const found = options.children();
        children = found instanceof Promise ? await found : found;
      }
      const append = toAppend(facts, children, options);
      let woken: readonly Woken[];
      try {
        woken = await options.store.append(append);
      } catch (error) {
        woken = await appendAgain(append, error, options);
      }
      options.recorded(facts, woken);
    },
  };
}

function toAppend(facts: Facts, children: Iterable<string>, options: LeasedJournalOptions): Append {
  const { id, worker, epoch, origin } = options;
  const { summary, expected_seq, events, document, park } = facts;
  const append: Append = { summary, expected_seq, events, epoch };
  if (document) Object.assign(append, { document, owner: worker, ...(origin && { origin }) });
  if (park) Object.assign(append, { owner: null, wake_at: park.wake_at });
  const handled = park ? [...facts.handled, ...options.early()] : facts.handled;
  if (handled.length > 0) append.handled = handled;
  if (summary.completed_at !== undefined) {
    const messages = [...toParent(id, origin, events), ...toChildren(id, children)];
    if (messages.length > 0) append.messages = messages;
  }
  return append;
}

/** A parent learns of the end of its child in the transaction in which it ends: it never waits in vain. */
export function toParent(id: string, origin: Origin | undefined, events: readonly StoredEvent[]): Message[] {
  const parent = origin?.parent;
  if (!parent?.attached) return [];
  const ref = pickRef(parent);
  const payload = endOf(id, events) as never;
  return [message(endMessage(id), parent.execution_id, { type: 'child', ref, execution_id: id, payload })];
}

/** What a parent is told of an execution whose last events these are. */
export function endOf(id: string, events: readonly StoredEvent[]): ChildSummary {
  const end = events.find(
    (event): event is StoredEvent & EventOf<'workflow_completed'> => event.event === 'workflow_completed',
  );
  const summary: ChildSummary = {
    execution_id: id,
    status: end?.status ?? 'failed',
    output: end?.output ?? null,
  };
  if (end?.error) summary.error = end.error;
  return summary;
}

export function toChildren(id: string, children: Iterable<string>): Message[] {
  return [...children].map((child) =>
    message(`parent:${id}:${child}`, child, { type: 'cancel', reason: startedByEnded, gentle: true }),
  );
}

export function message(id: string, executionId: string, body: MessageBody): Message {
  return { id, execution_id: executionId, body: body as never };
}

/** @param error - of the first try */
function appendAgain(
  append: Append,
  error: unknown,
  options: LeasedJournalOptions,
): Promise<readonly Woken[]> {
  const { store, logger, id, unrecorded } = options;
  // Whoever creates one is waiting for an answer, and knows what to do.
  if (append.expected_seq === 0 || !isPassing(error) || options.closed()) throw error;
  const message = 'An execution cannot be recorded; trying again until it can.';
  logger.log('warn', message, { execution_id: id, error: String(error) });
  unrecorded.add(id);
  return patiently(
    async () => (await appliedAlready(append, options)) ?? store.append(append),
    options,
  ).finally(() => unrecorded.delete(id));
}

/** Whether the append of which nobody knew went through. The sweep finds what it may have woken. */
async function appliedAlready(
  append: Append,
  { store, id, epoch }: LeasedJournalOptions,
): Promise<Woken[] | undefined> {
  const record = await store.get(id);
  const applied = record?.epoch === epoch && record.seq === append.expected_seq + append.events.length;
  return applied && append.events.length > 0 ? [] : undefined;
}
