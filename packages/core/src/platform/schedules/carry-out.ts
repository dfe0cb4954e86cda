import { toErrorInfo } from '../../errors.ts';
import { isoTime } from '../../machine/index.ts';
import type { Fire, ScheduleRecord } from '../../ports/schedule-store.ts';
import { decidedTime, isTakenUp, isUnbegun, takenUpTime } from './decided.ts';
import type { DocumentSchedules } from './document-schedules.ts';
import { findInTheWay } from './in-the-way.ts';
import type { Instants } from './instants.ts';
import { judge, tolerance } from './judge.ts';
import type { SchedulerOptions } from './options.ts';

/** What a process remembers of a schedule between two looks at it. */
export interface Memory {
  /** An instant that was in time when it was first looked at. */
  seen?: number;
  /** Which start fails, and how often it did. */
  failing?: { at: number; times: number };
}

export interface CarryOutOptions extends SchedulerOptions {
  readonly documents: DocumentSchedules;
  read(record: Pick<ScheduleRecord, 'schedule' | 'timezone'>): Instants;
  /** True when the process ends: nothing new is begun. */
  stopped(): boolean;
}

/** A start that fails for no known reason is given up after so many times. */
const mostTries = 10;
/** Nothing else could be started either: these pass, however long it takes. */
const passing = ['STORE_UNAVAILABLE', 'STORE_FULL', 'QUEUE_UNAVAILABLE', 'QUEUE_FULL', 'BUS_UNAVAILABLE'];
/** The process ends. */
const ending = ['CLOSED', 'ENGINE_CLOSED'];

/**
 * Decides what is due of one schedule. Any number of processes may do so at the same time, and each may end between any
 * two lines: see `decided.ts`.
 *
 * @returns when to look again, in milliseconds since 1970; Infinity when nothing is to come, undefined when the schedule
 * is not there any more
 * @throws what a store or a start failed with; to be called again then
 */
export async function carryOut(
  id: string,
  memory: Memory,
  options: CarryOutOptions,
): Promise<number | undefined> {
  const { schedules, clock, documents } = options;
  let followed = false;
  for (;;) {
    const record = await schedules.get(id);
    if (!record) return undefined;
    if (isUnbegun(record)) {
      await documents.begin(id);
      continue;
    }
    const instants = options.read(record);
    const from = Date.parse(record.decided_until);
    const now = clock.now();
    const next = instants.next(from) ?? Number.POSITIVE_INFINITY;
    const takenUp = isTakenUp(from, next);
    if (record.paused && !takenUp) return Number.POSITIVE_INFINITY;
    if (next > now || options.stopped()) return next;
    if (takenUp) {
      await startOne(record, next, memory, options);
      continue;
    }
    if (now - next <= tolerance) memory.seen = next;
    // Before anything is decided: who changed the document may have ended before the records followed.
    if (!followed) {
      followed = true;
      if (await documents.follow(record.workflow_id)) continue;
    }
    const { missed, until, start } = judge(record, instants, { from, now, seen: memory.seen });
    let reached = record.decided_until;
    if (missed.length > 0) {
      reached = decidedTime(until);
      const fires = missed.map(({ at, reason }) => fire(record, at, now, { outcome: 'missed', reason }));
      if (!(await schedules.decide(id, record.decided_until, reached, fires))) continue;
    }
    for (const at of start) {
      // Making up for many takes a while, and pausing is not to wait for that.
      if (at !== start[0] && (await schedules.get(id))?.paused !== false) break;
      if (options.stopped() || !(await fireOne(record, reached, at, memory, options))) break;
      reached = isoTime(at);
    }
  }
}

/** @returns false when the schedule has changed meanwhile: everything is to be looked at anew */
async function fireOne(
  record: ScheduleRecord,
  from: string,
  at: number,
  memory: Memory,
  options: CarryOutOptions,
): Promise<boolean> {
  const { schedules, clock } = options;
  const inTheWay = record.overlap === 'skip' ? await findInTheWay(record, options) : undefined;
  if (inTheWay !== undefined) {
    const reason = `Execution "${inTheWay}" of an earlier time had not ended, and overlap is skip.`;
    const skipped = fire(record, at, clock.now(), { outcome: 'skipped', reason, execution_id: inTheWay });
    return schedules.decide(record.id, from, isoTime(at), [skipped]);
  }
  if (!(await schedules.decide(record.id, from, takenUpTime(at), []))) return false;
  return startOne(record, at, memory, options);
}

/** Starts what was taken up, and notes it. */
async function startOne(
  record: ScheduleRecord,
  at: number,
  memory: Memory,
  options: CarryOutOptions,
): Promise<boolean> {
  const { schedules, clock } = options;
  const outcome = await tryStart(record, at, memory, options);
  const fires = [fire(record, at, clock.now(), outcome)];
  return schedules.decide(record.id, takenUpTime(at), isoTime(at), fires);
}

type Outcome = Pick<Fire, 'outcome' | 'reason' | 'execution_id'>;

async function tryStart(
  { id, workflow_id, schedule, timezone, parameters, overlap }: ScheduleRecord,
  at: number,
  memory: Memory,
  options: CarryOutOptions,
): Promise<Outcome> {
  const idempotencyKey = `schedule:${id}:${isoTime(at)}`;
  const trigger = { type: 'schedule', schedule_id: id, schedule, timezone, at: isoTime(at) };
  const concurrency = { key: `schedule:${id}`, limit: 1, policy: 'queue' } as const;
  try {
    const { execution_id } = await options.start(workflow_id, parameters, {
      idempotencyKey,
      trigger,
      ...(overlap === 'queue' && { concurrency }),
    });
    return { outcome: 'started', execution_id };
  } catch (error) {
    if (isToBeTriedAgain(error, at, memory)) throw error;
    // It may be there all the same: started by another process, or before an answer was lost.
    const existing = await options.executions.findByKey(workflow_id, idempotencyKey);
    if (existing) return { outcome: 'started', execution_id: existing.id };
    return { outcome: 'skipped', reason: cut(`It could not be started: ${toErrorInfo(error).message}`) };
  }
}

function isToBeTriedAgain(error: unknown, at: number, memory: Memory): boolean {
  const { code, retryable } = toErrorInfo(error);
  if (passing.includes(code) || ending.includes(code)) return true;
  if (retryable === false || code === 'CONCURRENCY_LIMIT') return false;
  const times = memory.failing?.at === at ? memory.failing.times + 1 : 1;
  memory.failing = { at, times };
  return times < mostTries;
}

function fire({ id }: ScheduleRecord, at: number, now: number, outcome: Outcome): Fire {
  return { schedule_id: id, at: isoTime(at), ...outcome, decided_at: isoTime(now) };
}

function cut(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 999)}…` : text;
}
