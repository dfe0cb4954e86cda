import { findInJson } from 'json-text';

/**
 * What to say of an integer that was written with more digits than a number keeps: it would be another one without a word.
 *
 * @param text - as it was written
 * @param value - as it was read
 * @returns undefined when they are the same
 */
export function rounded(text: string, value: number): string | undefined {
  if (Number.isSafeInteger(value) || isSame(text, value)) return undefined;
  return `${text.trim()} would be rounded to ${BigInt(value)}: integers are exact up to ${Number.MAX_SAFE_INTEGER}. Give it as a text.`;
}

/**
 * What of a text that is JSON would be lost when it is parsed: an integer that is rounded, a number that is larger than numbers can be, a
 * key that stands twice in one object. By the text itself: what the parser tells of it Node 20 does not know.
 */
export function lossIn(json: string): string | undefined {
  return findInJson(json, {
    key: (key, isRepeated) =>
      isRepeated ? `The key ${JSON.stringify(key)} stands twice in one object.` : undefined,
    number: lostOf,
  });
}

function lostOf(number: string): string | undefined {
  const value = Number(number);
  if (Number.isFinite(value)) return rounded(number, value);
  return `${number} is larger than numbers can be. Give it as a text.`;
}

/**
 * What is no integer, such as 1e300, is meant to be about so much. Whoever writes doubles writes larger ones with the fewest digits that
 * tell them apart: nothing is lost with those.
 */
function isSame(text: string, value: number): boolean {
  if (String(value) === text.trim()) return true;
  try {
    return BigInt(text) === BigInt(value);
  } catch {
    return true;
  }
}
