const clock = String.raw`([01]\d|2[0-3]):([0-5]\d)`;
const pattern = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\d)[Tt ]${clock}(?::([0-5]\d|60)(\.\d+)?)?([Zz]|[+-]${clock.replace(':', ':?')})$`,
);
const lastOfTheDay = /T23:59:59\.999Z$/;

/**
 * Milliseconds since 1970 of a moment as RFC 3339 has it: `2030-01-31T08:00:00Z`, with the zone. A leap second counts as
 * the end of the second before. The seconds and the colon of the zone may be missing, as in the rest of ISO 8601.
 *
 * @returns undefined when it is something else, or the calendar has no such day
 */
export function parseMoment(text: string): number | undefined {
  const [, date, hour, minute, second = '00', fraction = '', zone = ''] = pattern.exec(text) ?? [];
  if (date === undefined || !isDay(date)) return undefined;
  const leaps = second === '60';
  const seconds = leaps ? '59.999' : `${second}${fraction.slice(0, 4)}`;
  const offset = zone.toUpperCase().replace(/(\d\d)(\d\d)$/, '$1:$2');
  const milliseconds = Date.parse(`${date}T${hour}:${minute}:${seconds}${offset}`);
  if (leaps && !lastOfTheDay.test(new Date(milliseconds).toISOString())) return undefined;
  return milliseconds;
}

/** `Date` takes February 30 for March 1. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
