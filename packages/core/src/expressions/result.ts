import { Duration } from '@marcbachmann/cel-js/evaluator';
import type { JsonValue } from '../model/json.ts';
import { assertAllowed } from './access.ts';
import { Failure } from './failure.ts';
import { TypeValue } from './kind.ts';
import { charge, type Frame, MAX_RESULT_TEXT } from './limits.ts';
import { Optional } from './optional.ts';

/**
 * What an expression gave, as frozen JSON. Timestamps become ISO 8601, durations "90s", bytes
 * base64, an optional its value or null, a type its name.
 *
 * Frozen lists and maps come from the scope and are JSON already: they are passed on as they are,
 * whatever their size. All others were made by the expression or must be copied.
 */
export function toResult(value: unknown, frame: Frame): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new Failure('the result is no finite number');
      // -0 is 0 in JSON.
      return value + 0;
    case 'bigint':
      if (!Number.isSafeInteger(Number(value))) throw new Failure('the result is a whole number beyond 2^53');
      return Number(value);
    case 'object':
      return value === null || Object.isFrozen(value) ? frozen(value, frame) : copy(value, frame);
    default:
      throw new Failure('the result has no JSON form');
  }
}

function frozen(value: object | null, frame: Frame): JsonValue {
  if (value instanceof Optional) return value.present ? toResult(value.value, frame) : null;
  return value instanceof TypeValue ? value.name : (value as JsonValue);
}

function copy(value: object, frame: Frame): JsonValue {
  charge(frame, 8);
  if (Array.isArray(value)) return Object.freeze(value.map((item) => toResult(item, frame)));
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new Failure('the timestamp is out of range');
    return value.toISOString();
  }
  if (value instanceof Duration) return value.toString();
  if (value instanceof Uint8Array) {
    charge(frame, value.length);
    return base64(value);
  }
  if (value instanceof Set) return copy([...value], frame);
  const entries =
    value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value);
  const map: Record<string, JsonValue> = {};
  charge(frame, entries.length * 2);
  for (const [key, item] of entries) {
    if (key === '__proto__') assertAllowed(key);
    if (item !== undefined) map[key] = toResult(item, frame);
  }
  return Object.freeze(map);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // In portions, because a call takes no more than some 100,000 arguments.
  for (let at = 0; at < bytes.length; at += 32_768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

/** A value as it stands in a text: strings as they are, all else as compact JSON; null is "null". */
export function toText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) assertFits(value);
  return JSON.stringify(value);
}

/** Counts before writing: a list that holds one large value a thousand times is small only in memory. */
function assertFits(value: JsonValue): void {
  let left = MAX_RESULT_TEXT;
  const visit = (item: JsonValue): void => {
    left -= typeof item === 'string' ? item.length + 3 : 2;
    if (left < 0) throw new Failure(`the text is longer than ${MAX_RESULT_TEXT} characters`);
    if (typeof item !== 'object' || item === null) return;
    if (Array.isArray(item)) for (const child of item) visit(child);
    else {
      for (const [key, child] of Object.entries(item)) {
        left -= key.length + 4;
        visit(child);
      }
    }
  };
  visit(value);
}
