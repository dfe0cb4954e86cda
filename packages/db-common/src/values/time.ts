let lastText = '';
let lastTime = 0;

/**
 * A time as it is stored.
 *
 * @param text - ISO 8601
 * @param what - completes the sentence "… is no time", for whoever gave it
 */
export function toTime(text: string, what: string): number {
  // Many events share a millisecond.
  if (text === lastText) return lastTime;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`${what} is no time in ISO 8601: ${JSON.stringify(text)}.`);
  lastText = text;
  lastTime = at;
  return at;
}

/** A stored time in ISO 8601. */
export function fromTime(at: number): string {
  return new Date(at).toISOString();
}
