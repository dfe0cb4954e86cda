let lastMilliseconds = Number.NaN;
let lastText = '';

/** ISO 8601 in UTC. Remembers its last answer: many events share a millisecond, and formatting costs 0.3 µs. */
export function isoTime(milliseconds: number): string {
  if (milliseconds !== lastMilliseconds) {
    lastText = new Date(milliseconds).toISOString();
    lastMilliseconds = milliseconds;
  }
  return lastText;
}
