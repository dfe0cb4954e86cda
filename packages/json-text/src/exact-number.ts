/**
 * Whether a number means what was written: beyond the integers that are exact it would be another one, and what is too small would be 0.
 * Any other fraction is meant to be about so much.
 *
 * @param written - decimal
 * @param digits - of the value: without them, the fewest that tell it apart, as most programs write it
 */
export function isExact(written: string, value: number, digits: string = String(value)): boolean {
  if (value !== 0 && Number.isSafeInteger(Math.trunc(value))) return true;
  if (!Number.isFinite(value)) return false;
  const [given, kept] = [digitsOf(written), digitsOf(digits).replace(/0+$/, '')];
  return given.startsWith(kept) && !/[1-9]/.test(given.slice(kept.length));
}

/** Without its point, power and leading zeros: which of them there are is the same for both, as the one is read from the other. */
function digitsOf(number: string): string {
  return number.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
}

/**
 * What becomes of a number of JSON, to be told after it.
 *
 * @returns undefined when it stays what it is
 */
export function lossOf(written: string): string | undefined {
  const value = Number(written);
  return Number.isFinite(value) ? roundingOf(written, value) : 'is larger than numbers can be';
}

/**
 * What becomes of an integer with more digits than a number keeps, to be told after it: it counts something, or names it.
 *
 * @param value - as it was read
 * @returns undefined when it stays what it is
 */
export function roundingOf(written: string, value: number): string | undefined {
  if (Number.isSafeInteger(value) || isSame(written, value)) return undefined;
  return `would be rounded to ${BigInt(value)}: integers are exact up to ${Number.MAX_SAFE_INTEGER}`;
}

/**
 * What is no integer, such as 1e300, is meant to be about so much. Whoever writes doubles writes larger ones with the fewest digits that
 * tell them apart: nothing is lost with those.
 */
function isSame(written: string, value: number): boolean {
  if (String(value) === written.trim()) return true;
  try {
    return BigInt(written) === BigInt(value);
  } catch {
    return true;
  }
}
