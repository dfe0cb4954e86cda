/**
 * Whether a number means what was written: beyond the integers that are exact it would be another one, and what is too small would be 0.
 * Any other fraction is meant to be about so much. Larger ones may be written with all their digits, with the fewest that tell them
 * apart, as most programs do, or with 17, which always do.
 *
 * @param written - decimal
 */
export function isExact(written: string, value: number): boolean {
  if (value !== 0 && Number.isSafeInteger(Math.trunc(value))) return true;
  if (!Number.isFinite(value)) return false;
  const digits = digitsOf(written);
  return [String(value), String(BigInt(value)), value.toPrecision(17)].some(
    (each) => digits === digitsOf(each),
  );
}

/** Without its point, its power and zeros around it: which of them there are is the same for both, as the one is read from the other. */
function digitsOf(number: string): string {
  const digits = number.replace(/e.*$/i, '').replace(/\D/g, '');
  let [start, end] = [0, digits.length];
  // An expression for those at the end begins anew at each zero: of a number with a million of them it takes hours.
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  return digits.slice(start, end);
}

/**
 * What becomes of a number, to be told after it.
 *
 * @param written - of JSON or YAML: `0x1F` and `.inf` are numbers, too
 * @param value - as it was read
 * @returns undefined when it stays what it is
 */
export function lossOf(written: string, value: number = Number(written)): string | undefined {
  if (Number.isNaN(value)) return 'is no number that JSON can hold';
  if (!Number.isFinite(value)) return 'is larger than numbers can be';
  const text = written.trim();
  if (/^0[box]/i.test(text) ? BigInt(text) === BigInt(value) : isExact(text, value)) return undefined;
  if (value === 0) return 'is smaller than numbers can be';
  return `would be rounded to ${BigInt(value)}: integers are exact up to ${Number.MAX_SAFE_INTEGER}`;
}
