import type { JsonValue } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import { isUnsafeKey } from './keys.ts';
import type { Limits } from './limits.ts';
import type { Path } from './path.ts';

/** Something in a value that has no place in a document. */
export interface PlainFault {
  code: ProblemCode;
  path: Path;
  message: string;
}

/** Bounds what objects that share parts can unfold to; a document of 1 MiB has a fifth of it. */
const valueLimit = 2_000_000;

/**
 * Copies a document that was given as a value and not as text, and reports what text could not have
 * held: prototypes, functions, cycles, numbers without a JSON form. Undefined properties are left out.
 */
export function copyPlain(given: unknown, limits: Limits): { value?: JsonValue; faults: PlainFault[] } {
  const faults: PlainFault[] = [];
  let values = 0;
  let stopped = false;
  const stop = (path: Path, message: string): null => {
    if (!stopped) faults.push({ code: 'LIMIT', path, message });
    stopped = true;
    return null;
  };
  const copy = (value: unknown, path: Path): JsonValue => {
    if (stopped) return null;
    if (++values > valueLimit) return stop([], `The document holds more than ${valueLimit} values.`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value !== 'object') {
      const what = typeof value === 'number' ? `The number ${value}` : `A value of the type ${typeof value}`;
      const message = `${what} cannot stand in a document.`;
      faults.push({ code: 'VALUE', path, message });
      return null;
    }
    if (path.length >= limits.depth)
      return stop(path, `The document is nested more than ${limits.depth} levels deep, or holds itself.`);
    if (Array.isArray(value)) return value.map((each, index) => copy(each ?? null, [...path, index]));
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      faults.push({
        code: 'VALUE',
        path,
        message: 'Only plain objects, lists, text, numbers, true, false and null can stand in a document.',
      });
      return null;
    }
    const result: Record<string, JsonValue> = {};
    for (const key of Object.keys(value)) {
      const each = (value as Record<string, unknown>)[key];
      if (isUnsafeKey(key)) {
        const message = `The key "${key}" is not allowed anywhere, since it could reach the prototype of objects. Choose another name.`;
        faults.push({ code: 'UNSAFE_KEY', path: [...path, key], message });
      } else if (each !== undefined) result[key] = copy(each, [...path, key]);
    }
    return result;
  };
  const value = copy(given, []);
  return stopped ? { faults } : { value, faults };
}
