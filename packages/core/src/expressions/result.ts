import type { JsonValue } from '../model/json.ts';
import { charge, Failure, MAX_RESULT_TEXT } from './work.ts';

/**
 * What an expression gave, as frozen JSON.
 *
 * Frozen lists and maps come from the scope and are JSON already: they are passed on as they are,
 * whatever their size. All others were made by the expression or must be copied.
 *
 * @param special - gives what has no JSON form one, or undefined
 */
export function toResult(value: unknown, special?: (value: object) => JsonValue | undefined): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value))
        throw new Failure('the result is no finite number, as after a division by zero');
      // -0 is 0 in JSON.
      return value + 0;
    case 'object':
      return value === null ? null : copy(value, special);
    default:
      throw new Failure('the result has no JSON form');
  }
}

function copy(value: object, special?: (value: object) => JsonValue | undefined): JsonValue {
  charge(8);
  if (Array.isArray(value))
    return Object.isFrozen(value) ? value : Object.freeze(value.map((item) => toResult(item, special)));
  const other = special?.(value);
  if (other !== undefined) return other;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new Failure('the result has no JSON form');
  if (Object.isFrozen(value)) return value as JsonValue;
  const map: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) {
    charge(2);
    if (key === '__proto__') throw new Failure('the result has a key "__proto__"');
    if (item !== undefined) map[key] = toResult(item, special);
  }
  return Object.freeze(map);
}

/**
 * Adds a value to a text: strings as they are, all else as compact JSON; null is "null". It counts before it
 * writes, because a list that holds one large value a thousand times is small only in memory.
 */
export function appendText(text: string, value: JsonValue): string {
  let left = MAX_RESULT_TEXT - text.length;
  const count = (item: JsonValue): void => {
    left -= typeof item === 'string' ? item.length : 1;
    if (left < 0) throw new Failure(`the text is longer than ${MAX_RESULT_TEXT} characters`);
    if (typeof item !== 'object' || item === null) return;
    for (const [key, child] of Object.entries(item)) {
      if (!Array.isArray(item)) left -= key.length;
      count(child);
    }
  };
  count(value);
  return text + (typeof value === 'string' ? value : JSON.stringify(value));
}
