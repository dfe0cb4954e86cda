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
  const keys: Set<string>[] = [];
  // Strings are walked through by hand: of a long one with many escapes an expression runs out of stack.
  const tokens = /["{}]|-?\d[-+.\deE]*/g;
  for (let match = tokens.exec(json); match; match = tokens.exec(json)) {
    const [token] = match;
    if (token === '{') keys.push(new Set());
    else if (token === '}') keys.pop();
    else if (token === '"') {
      const end = endOfString(json, match.index);
      tokens.lastIndex = end;
      if (!isKey(json, end)) continue;
      const key = JSON.parse(json.slice(match.index, end)) as string;
      if (keys.at(-1)?.has(key)) return `The key ${JSON.stringify(key)} stands twice in one object.`;
      keys.at(-1)?.add(key);
    } else {
      const problem = lostOf(token);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/** @returns the index after its closing quote */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
}

function isKey(json: string, after: number): boolean {
  let at = after;
  while (/\s/.test(json[at] ?? '')) at++;
  return json[at] === ':';
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
