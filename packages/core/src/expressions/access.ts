import { Failure, quote } from './failure.ts';
import { kindOf, MAP, nameKind } from './kind.ts';
import { none, Optional } from './optional.ts';

/** Whether a key could lead to the host: refused everywhere, even where data has such a key of its own. */
export function isForbidden(key: unknown): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

export function assertAllowed(key: unknown): void {
  if (isForbidden(key)) throw new Failure(`the key ${quote(String(key))} is never readable`);
}

/**
 * Reads `target.key` of JSON: own keys only.
 *
 * @param where - the text of the target, for messages
 */
export function readKey(target: unknown, key: string, where: string): unknown {
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) {
    if (Object.hasOwn(target, key)) {
      const value = (target as Record<string, unknown>)[key];
      if (value !== undefined) return value;
    }
    if (target instanceof Optional) return readOptional(target, key);
    if (kindOf(target) === MAP) throw new Failure(`${where} has no key ${quote(key)}`);
  }
  throw new Failure(`${where} is ${nameKind(kindOf(target))} and has no key ${quote(key)}`);
}

/** Reads `target[index]` of a list or a map. */
export function readIndex(target: unknown, index: unknown, where: string): unknown {
  if (Array.isArray(target)) {
    if (typeof index !== 'number' || !Number.isInteger(index)) {
      const found = typeof index === 'number' ? String(index) : nameKind(kindOf(index));
      throw new Failure(`${where} is a list; its index must be a whole number, not ${found}`);
    }
    if (index >= 0 && index < target.length && target[index] !== undefined) return target[index];
    throw new Failure(`${where} has no item ${index}; it has ${target.length}`);
  }
  assertAllowed(index);
  if (target instanceof Optional) return readOptional(target, index);
  return readKey(target, toKey(index), where);
}

/** Reads `target.?key` and `target[?key]`: none when there is no such key, whatever the target is. */
export function readOptional(target: unknown, key: unknown): Optional {
  assertAllowed(key);
  const value = target instanceof Optional ? target.or(undefined) : target;
  const found = Array.isArray(value)
    ? Number.isInteger(key)
      ? value[key as number]
      : undefined
    : ownValue(value, key);
  return found === undefined ? none : new Optional(found);
}

/** What a map holds at a key of its own; undefined when it is no map or has no such key. */
export function ownValue(target: unknown, key: unknown): unknown {
  if (typeof target !== 'object' || target === null || kindOf(target) !== MAP) return undefined;
  const name = toKey(key);
  return Object.hasOwn(target, name) ? (target as Record<string, unknown>)[name] : undefined;
}

/** JSON has string keys only, so 1 and true stand for "1" and "true". */
export function toKey(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'boolean') return String(key);
  throw new Failure(`the key of a map must be a string, not ${nameKind(kindOf(key))}`);
}
