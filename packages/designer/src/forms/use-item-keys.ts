import { useRef } from 'react';

/**
 * Keys for the items of a list: what is being written in one stays with it when one before it is removed.
 *
 * @returns the keys, and what is to be called when an item is removed
 */
export function useItemKeys(length: number): [keys: readonly number[], removed: (at: number) => void] {
  const keys = useRef({ next: 0, of: [] as number[] }).current;
  keys.of.length = Math.min(keys.of.length, length);
  while (keys.of.length < length) keys.of.push(keys.next++);
  return [keys.of, (at) => void keys.of.splice(at, 1)];
}
