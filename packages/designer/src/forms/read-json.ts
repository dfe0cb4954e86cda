import type { JsonValue } from '@vwmp/core';
import { parseDocument } from '@vwmp/core/language';

/** What `JSON.parse` lets pass, with another value than was written. */
const losses: ReadonlySet<string> = new Set(['VALUE', 'DUPLICATE_KEY', 'UNSAFE_KEY']);

/**
 * Reads JSON as it was typed: what would become another value is refused.
 *
 * @param what - begins the message: "The payload"
 * @throws Error with what is wrong with it
 */
export function readJson(text: string, what: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new Error(`${what} is not JSON.`);
  }
  const lost = parseDocument(`{"value":${text}\n}`).problems.find(({ code }) => losses.has(code));
  if (lost) throw new Error(`${what} cannot be sent as it stands. ${lost.message}`);
  return value;
}
