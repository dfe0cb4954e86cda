import { isoTime } from '../../machine/index.ts';
import type { Fire, ScheduleRecord } from '../../ports/schedule-store.ts';
import { isTakenUp, isUnbegun } from './decided.ts';
import type { Instants } from './instants.ts';
import { judge } from './judge.ts';
import { createLocalTime, type LocalTime } from './local-time.ts';

/** An instant, ISO 8601 in UTC, and as the clocks of its time zone show it. */
export interface ShownInstant {
  at: string;
  local: string;
  /** What is odd about it where clocks change, for people. */
  note?: string;
}

/** Why a schedule fired, did not, and will. */
export interface ScheduleExplanation {
  schedule: ScheduleRecord;
  /** What the rest is seen from, ISO 8601. */
  now: string;
  /** The times to come. While it is paused none of them starts anything. */
  next: ShownInstant[];
  /** Times that have passed and are not decided: what becomes of them when a scheduler runs now. */
  due: (ShownInstant & { outcome: 'start' | 'missed' | 'paused'; reason: string })[];
  /** What became of earlier ones, the newest first. */
  last: (Fire & ShownInstant)[];
}

const setBack =
  'Earlier times are decided already: the clock was set back, or that of another process is ahead.';

/** @param count - so many of each kind, at most */
export function explainSchedule(
  schedule: ScheduleRecord,
  instants: Instants,
  fires: readonly Fire[],
  now: number,
  count: number,
): ScheduleExplanation {
  const clock = createLocalTime(schedule.timezone);
  const shown = (instant: number): ShownInstant => showInstant(instant, instants, clock);
  const next: ShownInstant[] = [];
  // What lies ahead may be decided already: then the clock was set back.
  const from = Math.max(now, Date.parse(schedule.decided_until));
  for (let at = instants.next(from); at !== undefined && next.length < count; at = instants.next(at)) {
    next.push(shown(at));
  }
  const [first] = next;
  if (first && instants.next(now) !== Date.parse(first.at)) first.note = setBack;
  return {
    schedule,
    now: isoTime(now),
    next,
    due: dueOf(schedule, instants, now)
      .slice(-count)
      .map(({ at, ...fate }) => ({ ...shown(at), ...fate })),
    last: fires.slice(0, count).map((fire) => ({ ...shown(Date.parse(fire.at)), ...fire })),
  };
}

interface Fate {
  at: number;
  outcome: 'start' | 'missed' | 'paused';
  reason: string;
}

function dueOf(schedule: ScheduleRecord, instants: Instants, now: number): Fate[] {
  if (isUnbegun(schedule)) return [];
  const from = Date.parse(schedule.decided_until);
  const first = instants.next(from);
  const takenUp = first !== undefined && first <= now && isTakenUp(from, first);
  const fates: Fate[] = takenUp
    ? [{ at: first, outcome: 'start', reason: 'It was taken up and is about to start.' }]
    : [];
  const { missed, start } = judge(schedule, instants, { from: takenUp ? first : from, now });
  if (schedule.paused) {
    const reason = 'The schedule is paused.';
    const ats = [...missed.map(({ at }) => at), ...start];
    return [...fates, ...ats.map((at): Fate => ({ at, outcome: 'paused', reason }))];
  }
  const reason =
    schedule.overlap === 'skip'
      ? 'It starts, unless the execution of the time before has not ended.'
      : 'It starts.';
  return [
    ...fates,
    ...missed.map((each): Fate => ({ ...each, outcome: 'missed' })),
    ...start.map((at): Fate => ({ at, outcome: 'start', reason })),
  ];
}

function showInstant(instant: number, instants: Instants, clock: LocalTime): ShownInstant {
  const note = noteOf(instant, instants, clock);
  return { at: isoTime(instant), local: clock.show(instant), ...(note !== undefined && { note }) };
}

function noteOf(instant: number, instants: Instants, clock: LocalTime): string | undefined {
  if (!instants.isAsWritten(instant)) {
    return 'The clocks go forward and leave out the time that was meant: this is the first one after it.';
  }
  const which = clock.twice(instant);
  return which && `The clocks go back and show this time twice: this is the ${which}.`;
}
