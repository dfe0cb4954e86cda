/**
 * A time as it is stored.
 *
 * @param text - ISO 8601
 * @param what - completes the sentence "… is no time", for whoever gave it
 */
export function toTime(text: string, what: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`${what} is no time in ISO 8601: ${JSON.stringify(text)}.`);
  return at;
}

/** A stored time in ISO 8601. */
export function fromTime(at: number): string {
  return new Date(at).toISOString();
}
