import { createHeap, type Ranked } from './heap.ts';
import type { Standing } from './ownership.ts';

/** An execution that nobody owns, and when it can be claimed. */
export interface Waiter extends Ranked {
  id: string;
  at_once: boolean;
}

/** Executions that nobody owns, by the time from which on they can be claimed. */
export interface ReadyLine {
  /** @param standing - one with `wake_at` */
  add(id: string, standing: Standing): Waiter;
  remove(waiter: Waiter): void;
  /** Those that can be claimed at `now`, the first of them, those that waited longest first. */
  first(now: number, limit: number): Waiter[];
  /** When the first one can be claimed, which may have passed. */
  next(): number | undefined;
}

/**
 * Makes an empty line. What can be claimed at once and what waits for a time are kept apart: the first does not
 * depend on the clock of the one that asks.
 */
export function createReadyLine(): ReadyLine {
  const present = createHeap<Waiter>();
  const timed = createHeap<Waiter>();
  let orders = 0;

  const heapOf = (waiter: Waiter) => (waiter.at_once ? present : timed);

  const peek = (now: number): Waiter | undefined => {
    const a = present.peek();
    const b = timed.peek();
    if (!b || b.due > now) return a;
    return a && (a.due < b.due || (a.due === b.due && a.order < b.order)) ? a : b;
  };

  return {
    add(id, { wake_at, at_once = false }) {
      const waiter: Waiter = { id, at_once, due: Date.parse(wake_at!), order: ++orders };
      heapOf(waiter).push(waiter);
      return waiter;
    },
    remove: (waiter) => heapOf(waiter).remove(waiter),
    first(now, limit) {
      const found: Waiter[] = [];
      for (let next = peek(now); next && found.length < limit; next = peek(now)) {
        heapOf(next).pop();
        found.push(next);
      }
      for (const waiter of found) heapOf(waiter).push(waiter);
      return found;
    },
    next() {
      const [a, b] = [present.peek()?.due, timed.peek()?.due];
      return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
    },
  };
}
