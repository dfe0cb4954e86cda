let lastMilliseconds = Number.NaN;
let lastText = '';

const earliest = -62_167_219_200_000;
const latest = 253_402_300_799_999;

/**
 * ISO 8601 in UTC with milliseconds. Remembers its last answer: many events share a millisecond, and formatting costs
 * 0.3 µs, and the first `toISOString` 0.8 MB of memory.
 *
 * @param given - milliseconds since 1970; what lies beyond the years 0 to 9999 becomes their end, as it has no other form
 */
export function isoTime(given: number): string {
  const milliseconds = Math.min(Math.max(given, earliest), latest);
  if (milliseconds !== lastMilliseconds) {
    const date = new Date(milliseconds);
    const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
    const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
    lastText = `${day}T${time}.${pad(date.getUTCMilliseconds(), 3)}Z`;
    lastMilliseconds = milliseconds;
  }
  return lastText;
}

/** Milliseconds since 1970 of what {@link isoTime} gave; mostly the last one, as light steps take no time. */
export function parseTime(text: string): number {
  return text === lastText ? lastMilliseconds : Date.parse(text);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
