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
 * The same of all numbers of a text that is JSON; what is larger than numbers can be, too. By the text itself: what the parser tells of
 * it Node 20 does not know.
 */
export function roundedIn(json: string): string | undefined {
  for (const [token] of json.matchAll(/"(?:[^"\\]+|\\.)*"|-?\d[-+.\deE]*/g)) {
    if (token.startsWith('"')) continue;
    const value = Number(token);
    if (!Number.isFinite(value)) return `${token} is larger than numbers can be. Give it as a text.`;
    const problem = rounded(token, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What is no integer, such as 1e300, is meant to be about so much. */
function isSame(text: string, value: number): boolean {
  try {
    return BigInt(text) === BigInt(value);
  } catch {
    return true;
  }
}
