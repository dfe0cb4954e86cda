import type { ScheduleRecord } from '../../ports/schedule-store.ts';
import type { Instants } from './instants.ts';

/** What is later than this, in milliseconds, was missed: nothing ran when it was due. */
export const tolerance = 60_000;
/** So many missed instants are noted or made up for; of more, the newest. */
export const mostMissed = 1000;

/** What becomes of the instants that are due. */
export interface Judgement {
  /** The first of them that are given up, in order. */
  missed: { at: number; reason: string }[];
  /** Up to here everything is decided once they are noted. */
  until: number;
  /** Those that follow and are to start, in order. Later ones are judged when these have been. */
  start: number[];
}

/**
 * Says what becomes of the instants that are due and not decided. Those that are in time start. Of others `catchup`
 * decides: none of them, the last one if nothing later is due, or all.
 *
 * @param seen - an instant that was in time when it was first looked at, and could not be started yet
 */
export function judge(
  { catchup }: Pick<ScheduleRecord, 'catchup'>,
  instants: Instants,
  { from, now, seen }: { from: number; now: number; seen?: number | undefined },
): Judgement {
  const { instants: due, first } = instants.due(from, now, mostMissed);
  const last = due.at(-1);
  const isMissed = (at: number): boolean =>
    at !== seen && now - at > tolerance && (catchup === 'none' || (catchup === 'last' && at !== last));
  const starting = due.findIndex((at) => !isMissed(at));
  const count = starting < 0 ? due.length : starting;
  const next = due.findIndex((at, index) => index > count && isMissed(at));
  const reason =
    catchup === 'none'
      ? 'Nothing ran at that time, and catchup is none.'
      : 'Nothing ran at that time, and catchup is last: a later one is made up for.';
  const missed = due.slice(0, count).map((at) => ({ at, reason }));
  if (first !== undefined) {
    const rest = `Nothing ran at that time. It stands for all before the last ${mostMissed}, which are too many to be noted or made up for.`;
    missed.unshift({ at: first, reason: rest });
  }
  const until = count > 0 ? due[count - 1]! : first === undefined ? from : due[0]! - 1;
  return { missed, until, start: due.slice(count, next < 0 ? undefined : next) };
}
