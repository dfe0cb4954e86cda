import { useRef } from 'react';
import { places } from '../document/index.ts';

/**
 * Keys for the items of a list: what is being written in one stays with it when others come and go, also by undo. One
 * that cannot be told from others gets another key, so that nothing turns up where it was not written.
 *
 * @returns the keys, and what is to be called when an item is removed
 */
export function useItemKeys(
  items: readonly unknown[],
): [keys: readonly number[], removed: (at: number) => void] {
  const known = useRef({ next: 0, items: [] as readonly unknown[], keys: [] as number[] }).current;
  if (known.items !== items) {
    const keys: number[] = [];
    const placeOf = places(known.items, items);
    known.keys.forEach((key, at) => {
      const to = placeOf(at);
      if (to !== undefined) keys[to] = key;
    });
    known.keys = Array.from(items, (_, at) => keys[at] ?? known.next++);
    known.items = items;
  }
  return [
    known.keys,
    (at) => {
      known.keys = known.keys.toSpliced(at, 1);
      known.items = known.items.toSpliced(at, 1);
    },
  ];
}
