import type { JsonValue } from '@vwmp/core';
import { isObject, type Path, pathOfStep, valueAt } from './value.ts';

/** What stands in a field and cannot be read: the document has the value from before, which nobody sees. */
export interface Unread {
  /** A path in the document, with the id of a step in place of its position. */
  readonly address: Path;
  /** What the field is called. */
  readonly label: string;
  readonly text: string;
  /** What the document has, as JSON. */
  readonly value: string | undefined;
  /** Of a field in the config of a step: the handler that has it. */
  readonly handler?: JsonValue | undefined;
}

/**
 * Those whose value nothing else has changed and whose field is still there. They follow the items of lists.
 *
 * @param before - the document to which they belonged
 */
export function stillUnread(
  unread: readonly Unread[],
  document: unknown,
  before: unknown = document,
): readonly Unread[] {
  if (unread.length === 0) return unread;
  return unread.flatMap((each) => {
    const { address, value, handler } = each;
    const isOfStep = address[0] === 'steps';
    const moved = isOfStep ? address.slice(0, 2) : [];
    let [was, now] = [before, document].map((whole) => {
      const path = isOfStep ? pathOfStep(whole, String(address[1])) : [];
      return path && valueAt(whole, path);
    });
    if (now === undefined) return [];
    for (const key of address.slice(moved.length)) {
      const to: string | number | undefined = typeof key === 'number' ? places(was, now)(key) : key;
      // Of an item that is gone nothing can be mended.
      if (to === undefined) return [];
      moved.push(to);
      [was, now] = [valueAt(was, [key]), valueAt(now, [to])];
    }
    const hasField =
      isAsked(document, moved) && (handler === undefined || handler === handlerOf(document, moved));
    return hasField && JSON.stringify(now) === value ? { ...each, address: moved } : [];
  });
}

/** Whether there is a field for that: some parameters and triggers have fewer of them. */
function isAsked(document: unknown, [list, at, key]: Path): boolean {
  const of = (name: string) => valueAt(document, [list!, at!, name]);
  if (list === 'parameters')
    return key === 'options' ? of('type') === 'enum' : key !== 'default' || of('type') !== 'secret';
  return list !== 'triggers' || key !== 'events' || of('schedule') === undefined;
}

/** What brings the field of that address: the handler of a step, for what is in its config. */
export function handlerOf(document: unknown, [list, id, key, ...inside]: Path): JsonValue | undefined {
  const path = list === 'steps' && key === 'config' && inside.length > 0 && pathOfStep(document, String(id));
  return path ? valueAt(document, [...path, 'handler']) : undefined;
}

/** Each with each, so many changed items are compared at most. */
const compared = 50;

/**
 * Compares a list with what has become of it.
 *
 * @returns tells where an item is now: undefined for one that is gone, or that cannot be told from others
 */
export function places(before: unknown, now: unknown): (at: number) => number | undefined {
  const [was, is] = [before, now].map((list) =>
    Array.isArray(list) ? list.map((item) => JSON.stringify(item)) : [],
  ) as [string[], string[]];
  const more = is.length - was.length;
  let [from, to] = [0, was.length];
  while (from < to && was[from] === is[from]) from++;
  while (to > from && to + more > from && was[to - 1] === is[to - 1 + more]) to--;
  return (at) => {
    if (at < from) return at;
    if (at >= to) return at < was.length ? at + more : undefined;
    if (more === 0 && was[at] === is[at]) return at;
    if (more !== 0 || to - from > compared) return undefined;
    /** How many fields an item from before has in common with what is here now. */
    const alike = (other: number): number => {
      if (was[other] === is[at]) return Infinity;
      const [a, b] = [valueAt(before, [other]), valueAt(now, [at])];
      return isObject(a) && isObject(b)
        ? Object.keys(a).filter((key) => JSON.stringify(a[key]) === JSON.stringify(b[key])).length
        : 0;
    };
    // What is edited stays, unless it is more like another one was: then it is not known which one is which.
    const own = alike(at);
    for (let other = from; other < to; other++) if (alike(other) > own) return undefined;
    return at;
  };
}

export function isWithin(address: Path, place: Path): boolean {
  return place.every((key, at) => key === address[at]);
}
