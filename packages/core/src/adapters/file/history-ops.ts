import type { Clock } from '../../ports/clock.ts';
import type { Append, Message, Woken } from '../../ports/execution-store.ts';
import { checkAppend, checkPost } from '../memory/check-append.ts';
import { isCompleted } from '../memory/execution-query.ts';
import { atOnce, type Standing, standingAfter } from '../memory/ownership.ts';
import type { HistoryLine, HistoryTail, Outgoing } from './history.ts';
import { readInbox, wasPosted } from './inbox.ts';
import type { Leases } from './leases.ts';
import type { Outcome } from './log-queue.ts';
import { node } from './node.ts';

/**
 * What is to be done with one history.
 *
 * - `append`: `check` is called right before it is written
 * - `deliver`: what another execution posted along, which may be there already
 * - `claim`: `called` says that its turn has come
 */
export type HistoryOp =
  | { kind: 'append'; append: Append; outbox: readonly Outgoing[]; place?: number; check?(): Promise<void> }
  | { kind: 'post'; message: Message }
  | ({ kind: 'deliver' } & Outgoing)
  | { kind: 'claim'; worker: string; now: number; called: boolean };

/** What came of it; undefined when there was nobody to deliver to, or nothing to claim. */
export interface Effect {
  /** How it stood before; undefined when it was created. */
  before: HistoryTail | undefined;
  after: HistoryTail;
  /** For a message. */
  woken?: Woken;
}

/** A history as it is before the line that is to be written. */
export interface HistoryState {
  path: string;
  last: HistoryTail | undefined;
  /** In bytes. */
  size: number;
  /** Lines up to this offset have been delivered. */
  settled: number | undefined;
}

/** A line, and what it means for each op. */
export interface Folded {
  /** Undefined when there is nothing to write. */
  line: HistoryLine | undefined;
  /** The ids of the messages that wait after it, where they are known. */
  waiting: ReadonlySet<string> | undefined;
  outcomes: Outcome<Effect | undefined>[];
}

/**
 * Splits a group into parts that fit into one line each: within a line messages come before they are handled, and
 * nothing follows the end of the execution.
 */
export function splitOps(ops: readonly HistoryOp[]): HistoryOp[][] {
  const parts: HistoryOp[][] = [];
  let handled = new Set<string>();
  let ended = true;
  for (const op of ops) {
    const posts = op.kind === 'post' || op.kind === 'deliver';
    if (ended || (posts && handled.has(op.message.id))) {
      parts.push([]);
      handled = new Set();
    }
    parts.at(-1)!.push(op);
    if (op.kind === 'append') for (const id of op.append.handled ?? []) handled.add(id);
    ended = op.kind === 'append' && isCompleted(op.append.summary);
  }
  return parts;
}

/** Makes one line of those ops that may follow on what is there, and says why the others may not. */
export async function foldOps(
  ops: readonly HistoryOp[],
  { path, last, size, settled }: HistoryState,
  { leases, clock }: { leases: Leases; clock: Pick<Clock, 'now'> },
): Promise<Folded> {
  let tail = last;
  let document: HistoryLine['document'];
  let encrypted: string | undefined;
  let changed = false;
  let waiting: Set<string> | undefined;
  const events: HistoryLine['events'][number][] = [];
  const posted: Message[] = [];
  const handled: string[] = [];
  const outbox: Outgoing[] = [];

  const inbox = async (): Promise<Set<string>> => {
    waiting ??= new Set(last?.waiting ?? (await readInbox(path, last, size)).keys());
    return waiting;
  };

  const wokenOf = async ({ standing: { owner } }: HistoryTail, id: string): Promise<Woken> =>
    owner !== undefined && (await leases.isRunning(owner))
      ? { execution_id: id, owner }
      : { execution_id: id };

  const append = async (op: HistoryOp & { kind: 'append' }): Promise<Effect> => {
    const given = op.append;
    const before = tail;
    checkAppend(given, before);
    const left = before && (before.inbox || waiting) ? await inbox() : undefined;
    const answered = (given.handled ?? []).filter((id) => left?.has(id));
    const still = left !== undefined && left.size > new Set(answered).size;
    const standing = standingAfter(given, before?.standing, still, clock.now());
    await op.check?.();
    for (const id of answered) left?.delete(id);
    if (isCompleted(given.summary)) left?.clear();
    for (const id of answered) handled.push(id);
    for (const message of op.outbox) outbox.push(message);
    for (const event of given.events) events.push(event);
    if (!before) {
      document = given.document;
      encrypted = given.origin?.sealed;
    }
    const { sealed: _, ...origin } = given.origin ?? {};
    tail = {
      ...(before ?? {
        born: node.crypto.randomBytes(6).toString('base64url'),
        ...(given.origin && { origin }),
        ...(op.place !== undefined && { place: op.place }),
        ...{ inbox: undefined, unsent: undefined },
      }),
      ...{ seq: given.expected_seq + given.events.length, epoch: given.epoch },
      ...{ summary: given.summary, standing },
    };
    changed = true;
    return { before, after: tail };
  };

  const receive = async (message: Message, to: HistoryTail): Promise<Effect> => {
    const before = to;
    const left = await inbox();
    if (!left.has(message.id)) {
      left.add(message.id);
      posted.push(message);
      const { standing } = to;
      tail = { ...to, standing: standing.owner === undefined ? atOnce(standing, clock.now()) : standing };
      changed = true;
    }
    return { before, after: tail!, woken: await wokenOf(tail!, message.execution_id) };
  };

  const deliver = async ({ message, born, after }: Outgoing): Promise<Effect | undefined> => {
    if (!tail || isCompleted(tail.summary) || tail.born !== born) return undefined;
    if (await wasPosted(path, message.id, after, size)) {
      return { before: tail, after: tail, woken: await wokenOf(tail, message.execution_id) };
    }
    return await receive(message, tail);
  };

  const claim = async (op: HistoryOp & { kind: 'claim' }): Promise<Effect | undefined> => {
    if (!tail || !op.called || !(await isReady(tail, op.now, leases))) return undefined;
    if (!(await leases.isRunning(op.worker))) return undefined;
    const before = tail;
    tail = { ...tail, epoch: tail.epoch + 1, standing: { owner: op.worker } };
    changed = true;
    return { before, after: tail };
  };

  const carryOut = async (op: HistoryOp): Promise<Effect | undefined> => {
    if (op.kind === 'append') return await append(op);
    if (op.kind === 'claim') return await claim(op);
    if (op.kind === 'deliver') return await deliver(op);
    const ended = tail !== undefined && isCompleted(tail.summary);
    checkPost(op.message, tail && { ended, waiting: await inbox() });
    return await receive(op.message, tail!);
  };

  const outcomes: Folded['outcomes'] = [];
  for (const op of ops) {
    try {
      outcomes.push({ value: await carryOut(op) });
    } catch (error) {
      outcomes.push({ error });
    }
  }
  if (!changed || !tail) return { line: undefined, waiting: undefined, outcomes };
  const { standing, epoch, summary, born, origin, place } = tail;
  const unsent = unsentAfter(last, settled, outbox.length > 0);
  const count = waiting?.size ?? last?.inbox?.count ?? 0;
  const line: HistoryLine = {
    ...{ from: last?.seq ?? 0, epoch, summary, born, ...standing },
    ...(document && { document }),
    ...(encrypted !== undefined && { encrypted }),
    ...(origin && { origin }),
    ...(place !== undefined && { place }),
    ...(posted.length > 0 && { posted }),
    ...(handled.length > 0 && { handled }),
    ...(outbox.length > 0 && { outbox }),
    ...(count > 0 && { inbox: { count, since: last?.inbox?.since } }),
    ...(unsent && { unsent }),
    events,
  };
  return { line, waiting, outcomes };
}

/** Whether an execution can be claimed, apart from whose turn it is. */
async function isReady(
  { summary, standing }: HistoryTail,
  now: number,
  leases: Pick<Leases, 'isRunning'>,
): Promise<boolean> {
  if (isCompleted(summary)) return false;
  if (standing.owner !== undefined) return !(await leases.isRunning(standing.owner));
  return isDue(standing, now);
}

/** Whether the time has come of one that nobody owns. */
export function isDue({ wake_at, at_once }: Standing, now: number): boolean {
  return wake_at !== undefined && (at_once === true || Date.parse(wake_at) <= now);
}

function unsentAfter(
  last: HistoryTail | undefined,
  settled: number | undefined,
  sends: boolean,
): HistoryLine['unsent'] {
  const open = last?.unsent && (settled ?? -1) < last.unsent.until ? last.unsent : undefined;
  return sends ? { since: open?.since } : open;
}
