const minute = 60_000;

/** A schedule as sets of what matches. */
export interface Pattern {
  minutes: ReadonlySet<number>;
  /** Every hour when undefined: then it is an interval. */
  hours: ReadonlySet<number> | undefined;
  /** Of the week, from Sunday. */
  days: ReadonlySet<number>;
}

/** Reads the clocks of a time zone: milliseconds as if they showed UTC. */
function createWallClock(timezone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric' },
  });
  return (at) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute);
  };
}

/** When a pattern fires after `from` and up to `to`, found by looking at the clocks every minute. */
export function instantsByLooking(pattern: Pattern, timezone: string, from: number, to: number): number[] {
  const clock = createWallClock(timezone);
  const matches = (wall: number): boolean => {
    const date = new Date(wall);
    return (
      pattern.minutes.has(date.getUTCMinutes()) &&
      (pattern.hours?.has(date.getUTCHours()) ?? true) &&
      pattern.days.has(date.getUTCDay())
    );
  };
  // No clocks change by more than three hours: what they showed before then does not matter.
  let at = Math.floor(from / minute) * minute - 6 * 60 * minute;
  let latest = clock(at - minute);
  const found: number[] = [];
  for (; at <= to; at += minute) {
    const wall = clock(at);
    let fires = false;
    if (pattern.hours === undefined) fires = matches(wall);
    // Times that are shown for the first time, those that were jumped over included.
    else for (; latest < wall; latest += minute) fires ||= matches(latest + minute);
    if (fires && at > from) found.push(at);
  }
  return found;
}

/** When the clocks of a zone change, to within six hours. */
export function changesOf(timezone: string, year: number): number[] {
  const clock = createWallClock(timezone);
  const found: number[] = [];
  let before: number | undefined;
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 360 * minute) {
    const offset = clock(at) - at;
    if (before !== undefined && offset !== before) found.push(at);
    before = offset;
  }
  return found;
}
