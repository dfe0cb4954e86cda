import { type Document, isMap, isSeq } from 'yaml';
import { VwmpError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isUnsafeKey } from '../keys.ts';
import { findNode, findPair } from '../locate.ts';
import { olderSpelling } from '../older.ts';
import { isRecord, type Path, valueAt } from '../path.ts';
import type { EditPath } from './change.ts';

/** The path as it is in the text: below a wrapper, by position, in the spelling that is written there. */
export function resolvePath(given: EditPath, root: Path, raw: JsonValue, yaml: Document.Parsed): Path {
  const segments = typeof given === 'string' ? (given === '' ? [] : given.split('.')) : given;
  const path: (string | number)[] = [...root];
  let value: unknown = valueAt(raw, root);
  segments.forEach((segment, index) => {
    let key: string | number = segment;
    if (Array.isArray(value)) {
      const isStep = index === 1 && segments[0] === 'steps' && typeof segment === 'string';
      const byId = isStep ? value.findIndex((step) => isRecord(step) && step.id === segment) : -1;
      if (byId >= 0) key = byId;
      else if (/^\d+$/.test(String(segment))) key = Number(segment);
      else
        throw new VwmpError(
          'NOT_FOUND',
          `There is no ${isStep ? `step "${segment}"` : `entry "${segment}" in the list`} to edit.`,
          { retryable: false },
        );
    } else {
      key = String(segment);
      if (isUnsafeKey(key))
        throw new VwmpError('UNSAFE_KEY', `The key "${key}" is not allowed.`, { retryable: false });
      const older = olderSpelling(key);
      if (
        older !== undefined &&
        isRecord(value) &&
        !Object.hasOwn(value, key) &&
        Object.hasOwn(value, older)
      ) {
        const { node } = findNode(yaml, path);
        if (isMap(node) && findPair(node, older)) key = older;
      }
    }
    path.push(key);
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined;
  });
  return path;
}

/** A copy of `value` with `change` applied to what is at `path`; undefined removes it. */
export function withChange(
  value: JsonValue | undefined,
  path: Path,
  change: (at: JsonValue | undefined) => JsonValue | undefined,
): JsonValue | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  if (Array.isArray(value) || (typeof first === 'number' && !isRecord(value))) {
    const list = Array.isArray(value) ? [...(value as JsonValue[])] : [];
    const position = Number(first);
    if (position > list.length)
      throw new VwmpError('NOT_FOUND', `The list has ${list.length} entries; there is none at ${position}.`, {
        retryable: false,
      });
    const inner = withChange(list[position], rest, change);
    if (inner === undefined) list.splice(position, 1);
    else list[position] = inner;
    return list;
  }
  const copy: Record<string, JsonValue> = isRecord(value) ? { ...(value as JsonObject) } : {};
  const inner = withChange(Object.hasOwn(copy, first) ? copy[first] : undefined, rest, change);
  if (inner === undefined) delete copy[first];
  else copy[first] = inner;
  return copy;
}

/** Equality of plain values; the order of keys does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

/** True when the node at `path` is written in a flow collection, or in JSON. */
export function isInFlow(yaml: Document.Parsed, path: Path): boolean {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const { node, depth: found } = findNode(yaml, path.slice(0, depth));
    if (found === depth && (isMap(node) || isSeq(node))) return node.flow === true;
  }
  return false;
}
