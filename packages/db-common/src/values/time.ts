/** The minute of the last time, as it is written, and its beginning: most times that come are in the same one. */
let minute = '';
let minuteStart = 0;

/**
 * A time as it is stored.
 *
 * @param text - ISO 8601
 * @param what - completes the sentence "… is no time", for whoever gave it
 */
export function toTime(text: string, what: string): number {
  // `Date.parse` takes 0.2 µs, and an execution of five events has ten times.
  if (minute !== '' && text.length === 24 && text.startsWith(minute)) {
    const since = withinMinute(text);
    if (since !== undefined) return minuteStart + since;
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`${what} is no time in ISO 8601: ${JSON.stringify(text)}.`);
  if (text.length === 24 && fromTime(at) === text) {
    minute = text.slice(0, 17);
    minuteStart = at - withinMinute(text)!;
  }
  return at;
}

/** What follows the minute in a time such as `2026-01-31T23:59:59.999Z`, in milliseconds; undefined for any other form. */
function withinMinute(text: string): number | undefined {
  if (text[19] !== '.' || text[23] !== 'Z') return undefined;
  let milliseconds = 0;
  for (let at = 17; at < 23; at++) {
    if (at === 19) continue;
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    milliseconds = milliseconds * 10 + digit;
  }
  return milliseconds < 60_000 ? milliseconds : undefined;
}

/** A stored time in ISO 8601. */
export function fromTime(at: number): string {
  return new Date(at).toISOString();
}
