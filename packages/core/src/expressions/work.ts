/** Longest text of one expression, in characters. */
export const MAX_TEXT = 10_000;
/** Longest text that filling in a template may give, in characters. */
export const MAX_RESULT_TEXT: number = 16 * 1024 * 1024;
/** Work of one evaluation: a unit is about a node evaluated, a list item or 16 characters looked at or made. */
const MAX_WORK = 10_000_000;
/** Ends what takes long at little work (failures that `||` swallows cost some microseconds each). */
const MAX_MILLISECONDS = 1_000;

/** Why an expression failed, in words that hold no value. */
export class Failure extends Error {}

// Evaluations are synchronous and never nested, so one set of counters will do.
let left = 0;
let checkpoint = 0;
let deadline = 0;

/** Grants the work for one evaluation. */
export function startWork(): void {
  left = MAX_WORK;
  checkpoint = MAX_WORK - 1_000;
  deadline = 0;
}

/** Takes work off what is left; once that is used up, every call throws. */
export function charge(work: number): void {
  left -= work;
  if (left < checkpoint) inspect();
}

/** Throws when the work was used up: `||` and `exists` swallow failures, so who evaluates must ask in the end. */
export function assertWorkLeft(): void {
  if (left < 0) throw new Failure('it takes too much work or memory; do less in one expression');
}

function inspect(): void {
  const now = performance.now();
  deadline ||= now + MAX_MILLISECONDS;
  if (now > deadline) left = -1;
  checkpoint = left < 0 ? Number.POSITIVE_INFINITY : left - 1_000;
  assertWorkLeft();
}

/** Charges for a value and all that is in it, as often as it is in it. */
export function chargeAll(value: unknown): void {
  if (typeof value === 'string') return charge(value.length >> 4);
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Uint8Array) return charge(value.length >> 4);
  const items = Array.isArray(value) ? value : Object.values(value);
  charge(1 + items.length);
  for (const item of items) chargeAll(item);
}

/** Work of looking at a value without what is in it. */
export function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' || value instanceof Uint8Array ? value.length >> 4 : 0;
}
