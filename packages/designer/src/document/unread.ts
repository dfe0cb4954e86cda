import { type Path, pathOfStep, valueAt } from './value.ts';

/** What stands in a field and cannot be read: the document has the value from before, which nobody sees. */
export interface Unread {
  /** A path in the document, with the id of a step in place of its position. */
  readonly address: Path;
  /** What the field is called. */
  readonly label: string;
  readonly text: string;
  /** What the document has, as JSON. */
  readonly value: string | undefined;
}

/** Those whose value nothing else has changed. */
export function stillUnread(unread: readonly Unread[], document: unknown): readonly Unread[] {
  const left = unread.filter(({ address, value }) => {
    const path = address[0] === 'steps' ? pathOfStep(document, String(address[1])) : [];
    if (!path) return false;
    const all = [...path, ...(path.length > 0 ? address.slice(2) : address)];
    // Of an item that is gone nothing can be mended.
    const item = all.slice(0, all.findLastIndex((key) => typeof key === 'number') + 1);
    return valueAt(document, item) !== undefined && JSON.stringify(valueAt(document, all)) === value;
  });
  return left.length === unread.length ? unread : left;
}

export function isWithin(address: Path, place: Path): boolean {
  return place.every((key, at) => key === address[at]);
}
