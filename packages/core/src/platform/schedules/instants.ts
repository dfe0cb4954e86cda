import { Cron } from '../../language/cron.ts';

/** When a schedule fires. Times are milliseconds since 1970, on whole minutes. */
export interface Instants {
  /** The first one after a time; undefined when none is to come. */
  next(after: number): number | undefined;
  /**
   * Those after `after` and up to `until`, itself included, in order: the newest `most` of them.
   *
   * @returns `first` is the very first one, when there were more than `most`
   */
  due(after: number, until: number, most: number): { instants: number[]; first?: number };
  /** False for one that fires at another time than the schedule says, because the clocks go forward. */
  isAsWritten(instant: number): boolean;
}

/**
 * Reads a schedule.
 *
 * Where clocks change, one that names hours is a time of day: it fires once a day for each of them, at the end of the
 * gap when the time does not exist that day, and at the first of both when there are two. One with `*` for the hours
 * is an interval: it fires as time passes, whatever the clocks say.
 *
 * @param schedule - cron with five fields, or a short form such as `@daily`
 * @param timezone - IANA name
 * @throws when it cannot be read
 */
export function readSchedule(schedule: string, timezone: string): Instants {
  const cron = new Cron(withoutSteps(schedule), {
    mode: '5-part',
    paused: true,
    timezone,
    // What it takes for a time of day is what has neither steps nor `*` for hours and minutes.
    fixedTimeRule: 'no-wildcard',
  });
  // With a zone that does not exist it fails only now.
  cron.nextRun(new Date(0));
  const next = (after: number): number | undefined => cron.nextRun(new Date(after))?.getTime();
  return {
    next,
    due(after, until, most) {
      const instants: number[] = [];
      for (let at = next(after); at !== undefined && at <= until; at = next(at)) {
        if (instants.length < most) {
          instants.push(at);
          continue;
        }
        const newest = cron.previousRuns(most, new Date(until + 1)).map((date) => date.getTime());
        return { instants: newest.reverse(), first: instants[0]! };
      }
      return { instants };
    },
    isAsWritten: (instant) => cron.match(new Date(instant)),
  };
}

/** Writes steps and `*` of hours and minutes as lists, unless it fires in every hour. */
function withoutSteps(schedule: string): string {
  const [minute, hour, ...days] = schedule.trim().split(/\s+/);
  if (days.length !== 3 || /(^|,)[*?](\/1)?(,|$)/.test(hour!)) return schedule;
  return [asList(minute!, 59), asList(hour!, 23), ...days].join(' ');
}

function asList(field: string, last: number): string {
  return field
    .split(',')
    .map((part) => {
      const match = /^(?:[*?]|(\d+)-(\d+))(?:\/(\d+))?$/.exec(part);
      if (!match) return part;
      const [from, to, step] = [Number(match[1] ?? 0), Number(match[2] ?? last), Number(match[3] ?? 1)];
      // What cannot be is left to the library, which says why.
      if (from > to || to > last || step === 0) return part;
      const values: number[] = [];
      for (let value = from; value <= to; value += step) values.push(value);
      return values.join(',');
    })
    .join(',');
}
