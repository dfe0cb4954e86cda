import type { JsonValue } from '@vwmp/core';
import { isObject, type Path } from '../document/index.ts';

/**
 * The value with another one at a path; what is around it is made where it is missing. Undefined takes away: a key, an
 * item of a list, and a mapping that is empty then. An item of a list is only taken away itself.
 */
export function withValueAt(
  value: JsonValue | undefined,
  path: Path,
  now: JsonValue | undefined,
): JsonValue | undefined {
  const [key, ...inside] = path;
  if (key === undefined) return now;
  if (typeof key === 'number') {
    const list: JsonValue[] = Array.isArray(value) ? [...(value as readonly JsonValue[])] : [];
    const item = withValueAt(list[key], inside, now);
    if (item !== undefined) list[key] = item;
    else if (inside.length === 0) list.splice(key, 1);
    else list[key] = {};
    return list;
  }
  const { [key]: before, ...rest } = isObject(value) ? value : {};
  const item = withValueAt(before, inside, now);
  if (item !== undefined) return { ...(isObject(value) ? value : {}), [key]: item };
  return Object.keys(rest).length === 0 ? undefined : rest;
}
