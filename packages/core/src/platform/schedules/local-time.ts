/** Shows instants as the clocks of a time zone do. */
export interface LocalTime {
  /** ISO 8601 with the offset: `2026-03-29T03:00:00+02:00`. */
  show(instant: number): string;
  /** When the clock shows the same time of day twice: which of both this is. */
  twice(instant: number): 'first' | 'second' | undefined;
}

const minute = 60_000;
/** The most that clocks are changed by. */
const widest = 180 * minute;

/** @param timezone - IANA name */
export function createLocalTime(timezone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  /** In milliseconds, east of Greenwich. */
  const offset = (instant: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const shown = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
    return shown - Math.floor(instant / 1000) * 1000;
  };
  return {
    show(instant) {
      const east = offset(instant);
      const amount = Math.round(Math.abs(east) / minute);
      const text = new Date(instant + east).toISOString().slice(0, 19);
      const [hours, minutes] = [Math.floor(amount / 60), amount % 60].map((part) =>
        String(part).padStart(2, '0'),
      );
      return `${text}${east < 0 ? '-' : '+'}${hours}:${minutes}`;
    },
    twice(instant) {
      const east = offset(instant);
      const goesBack = east - offset(instant + widest);
      if (goesBack > 0 && offset(instant + goesBack) === east - goesBack) return 'first';
      const wentBack = offset(instant - widest) - east;
      if (wentBack > 0 && offset(instant - wentBack) === east + wentBack) return 'second';
      return undefined;
    },
  };
}
