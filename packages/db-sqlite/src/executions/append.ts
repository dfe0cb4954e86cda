import type { Append, Woken } from '@vwmp/core';
import {
  checkForm,
  type EventRow,
  type ExecutionRow,
  eventRow,
  keyTaken,
  limitReached,
  type OriginColumns,
  originColumns,
  refusal,
  type Standing,
  type StoredDocument,
  type SummaryColumns,
  standingAfter,
  storeDocument,
  summaryColumns,
  tables,
  toText,
  turnChange,
} from 'db-common';
import type { Connection } from '../connection/connection.ts';
import { createForms } from '../connection/forms.ts';
import type { Statement } from '../driver/driver.ts';
import type { Changes, CurrentRow, CurrentStates } from './current.ts';
import type { Documents } from './documents.ts';
import type { Lists } from './lists.ts';
import { type Messages, type NewMessage, newMessage } from './messages.ts';
import type { Turns } from './turns.ts';

export interface AppendParts {
  connection: Connection;
  states: CurrentStates;
  turns: Turns;
  documents: Documents;
  messages: Messages;
  lists: Lists;
}

/** An append as it is stored: whoever gave it may change it as soon as `append` has returned. */
interface Prepared {
  /** `owner` as it is stored, everything else as it was given. */
  append: Pick<Append, 'expected_seq' | 'epoch' | 'owner' | 'wake_at' | 'summary' | 'origin'>;
  id: string;
  ends: boolean;
  summary: SummaryColumns;
  events: EventRow[];
  handled: string[];
  messages: NewMessage[];
  creation?: { document: StoredDocument; origin: OriginColumns };
}

/** So many events are added by one statement: each takes 1.5 µs among sixteen, and 2.3 alone. */
const eventsAtOnce = 16;

/** Of a new execution. */
const columns = (Object.keys(tables.executions.columns) as (keyof ExecutionRow)[]).filter(
  (name): name is Exclude<keyof ExecutionRow, 'n'> => name !== 'n',
);

/**
 * Makes what carries out an append within a transaction; it checks everything before it writes anything. Most appends only add
 * events: nothing but these is written then.
 *
 * Statements are texts for the driver: adding an event takes 1.5 µs so, 2.5 with one that drizzle has prepared, and 7.3 with its `sql`.
 *
 * @returns takes an append and gives the job that carries it out
 */
export function createAppend(parts: AppendParts): (append: Append) => () => Woken[] {
  const { connection, states, turns, documents, messages, lists } = parts;
  // Most have a value in nine of the columns; to write a null into each of the others takes half as long again.
  const addOf = createForms(connection, (names) => {
    return `insert into executions (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`;
  });
  /** By how many they add. */
  const eventAdders: Statement[] = [];
  const addEventsOf = (count: number): Statement => {
    eventAdders[count] ??= connection.statement(
      `insert into events (execution_id, seq, timestamp, body) values ${Array(count).fill('(?, ?, ?, ?)').join(', ')}`,
    );
    return eventAdders[count];
  };
  const keyed = connection
    .statement('select id from executions where workflow_id = ? and idempotency_key = ?')
    .pluck();

  const addEvents = (events: readonly EventRow[]): void => {
    for (let first = 0; first < events.length; first += eventsAtOnce) {
      const values: (string | number)[] = [];
      const end = Math.min(first + eventsAtOnce, events.length);
      for (let index = first; index < end; index++) {
        const { execution_id, seq, timestamp, body } = events[index]!;
        values.push(execution_id, seq, timestamp, body);
      }
      addEventsOf(end - first).run(...values);
    }
  };

  const create = (prepared: Prepared, now: number): Woken[] => {
    const { append, id, summary, ends, events } = prepared;
    const { document, origin } = prepared.creation!;
    const { idempotency_key, concurrency_key: key, concurrency_limit: limit } = origin;
    if (idempotency_key !== null) {
      const other = keyed.get(summary.workflow_id, idempotency_key) as string | undefined;
      if (other !== undefined) throw keyTaken(append, other);
    }
    const skips = append.origin?.concurrency?.policy === 'skip';
    if (skips && turns.count(key!) >= limit!) throw limitReached(append);

    documents.keep(document);
    const enters = key !== null && turnChange(undefined, append.summary.status, ends) === 'enter';
    const standing = standingAfter(append, undefined, false, now);
    const row: Omit<ExecutionRow, 'n'> = {
      ...origin,
      ...summary,
      ...standing,
      epoch: append.epoch,
      document_hash: document.hash,
      inbox: 0,
      turn: enters ? turns.enter(key, limit!) : null,
      listed: null,
    };
    const given = columns.filter((name) => row[name] !== null);
    const added = addOf(given).run(...given.map((name) => row[name]));
    const n = Number(added.lastInsertRowid);
    lists.noteCreation(n);
    addEvents(events);
    // It may be large, and is not needed again.
    row.origin = null;
    states.noteCreation({ ...row, n, seq: events.length });
    return states.isReady(row, now) ? [states.wokenOf({ id, owner: row.owner })] : [];
  };

  const change = (prepared: Prepared, before: CurrentRow, now: number): Woken[] => {
    const { append, summary, ends, events } = prepared;
    const inbox = ends ? messages.empty(before) : messages.remove(before, prepared.handled);
    const standing = standingAfter(append, before, inbox > 0, now);
    const key = before.concurrency_key;
    const turn = key === null ? 'keep' : turnChange(before, append.summary.status, ends);

    const changes = differences(before, summary, standing);
    if (append.epoch !== before.epoch) changes.epoch = append.epoch;
    if (inbox !== before.inbox) changes.inbox = inbox;
    if (turn !== 'keep') {
      const place = turn === 'enter' ? turns.enter(key!, before.concurrency_limit!) : null;
      if (place !== before.turn) changes.turn = place;
    }
    if ('error_message' in changes) changes.error_words = summary.error_words;
    addEvents(events);
    states.noteEvents(before, events.length);
    // So it is with most of them.
    if (Object.keys(changes).length === 0) return [];
    const after = states.change(before, changes);
    const ready = turn === 'leave' ? turns.call(key!).filter((row) => states.isReady(row, now)) : [];
    const stands = standing !== before || 'turn' in changes || 'completed_at' in changes;
    if (stands && states.isReady(after, now) && !states.isReady(before, now)) ready.push(after);
    return ready.map(states.wokenOf);
  };

  return (append) => {
    const prepared = prepare(append);
    return () => {
      const now = Date.now();
      const before = states.find(prepared.id);
      const refused = refusal(prepared.append, before);
      if (refused) throw refused;
      const woken = before ? change(prepared, before, now) : create(prepared, now);
      for (const message of prepared.messages) {
        const to = messages.deliver(message);
        if (to) woken.push(states.wokenOf(to));
      }
      return woken.length > 1 ? onceEach(woken) : woken;
    };
  };
}

const compared = [
  ...(['workflow_id', 'workflow_version', 'status', 'started_at', 'completed_at'] as const),
  ...(['error_code', 'error_message'] as const),
] as const;

/** What an append changes of the summary of an execution, and of who works on it. */
function differences(before: CurrentRow, summary: SummaryColumns, standing: Standing): Changes {
  const changes: Changes = {};
  for (const name of compared)
    if (before[name] !== summary[name]) Object.assign(changes, { [name]: summary[name] });
  // Mostly the same object.
  if (standing === before) return changes;
  const { owner, wake_at, ready_since } = standing;
  if (owner !== before.owner) changes.owner = owner;
  if (wake_at !== before.wake_at) changes.wake_at = wake_at;
  if (ready_since !== before.ready_since) changes.ready_since = ready_since;
  return changes;
}

const none: never[] = [];

/** Turns everything into the form in which it is stored, and thereby finds what cannot be. */
function prepare(append: Append): Prepared {
  checkForm(append);
  const { expected_seq, epoch, wake_at, document, handled, messages } = append;
  const owner = typeof append.owner === 'string' ? toText(append.owner) : append.owner;
  const summary = { ...append.summary };
  const origin = append.origin && structuredClone(append.origin);
  const kept = { expected_seq, epoch, owner, wake_at, summary, origin };
  // Finds a time that is none.
  if (typeof wake_at === 'string') standingAfter(kept, undefined, false, 0);
  const id = toText(summary.id);
  return {
    append: kept,
    id,
    ends: summary.completed_at !== undefined,
    summary: summaryColumns(summary),
    events: append.events.map((event) => eventRow(event, id)),
    handled: handled && handled.length > 0 ? handled.map(toText) : none,
    messages: messages && messages.length > 0 ? messages.map(newMessage) : none,
    ...(expected_seq === 0 &&
      document && {
        creation: { document: storeDocument(document), origin: originColumns(summary.id, origin) },
      }),
  };
}

/** Of several for the same execution, the last. */
function onceEach(woken: readonly Woken[]): Woken[] {
  return [...new Map(woken.map((each) => [each.execution_id, each])).values()];
}
