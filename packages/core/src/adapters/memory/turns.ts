import type { Origin } from '../../ports/execution-store.ts';

type Concurrency = NonNullable<Origin['concurrency']>;

/**
 * Whose turn it is among executions with the same concurrency key. One gets its turn when it is created or
 * when another one ends, in the order of creation, and keeps it until it ends: what was claimed but has not begun
 * yet takes a place, too.
 */
export interface Turns {
  /** How many with this key have not ended. */
  count(key: string): number;
  /** @returns whether it is its turn @param begun - it is, whatever the limit says */
  enter(id: string, concurrency: Concurrency, begun: boolean): boolean;
  /** It has ended. Harmless for one that did not enter. @returns those whose turn it is now */
  leave(id: string, key: string): string[];
}

interface Group {
  /** Those whose turn it is. */
  holding: Set<string>;
  /** The limits of the others, in the order of creation. */
  waiting: Map<string, number>;
}

/** Makes it without any execution. */
export function createTurns(): Turns {
  const groups = new Map<string, Group>();

  return {
    count(key) {
      const group = groups.get(key);
      return group ? group.holding.size + group.waiting.size : 0;
    },
    enter(id, { key, limit }, begun) {
      const group: Group = groups.get(key) ?? { holding: new Set(), waiting: new Map() };
      groups.set(key, group);
      if (group.holding.has(id)) return true;
      const free = group.waiting.size === 0 && group.holding.size < limit;
      if (begun || free) {
        group.waiting.delete(id);
        group.holding.add(id);
        return true;
      }
      group.waiting.set(id, limit);
      return false;
    },
    leave(id, key) {
      const group = groups.get(key);
      if (!group) return [];
      group.holding.delete(id);
      group.waiting.delete(id);
      const called: string[] = [];
      for (const [next, limit] of group.waiting) {
        if (group.holding.size >= limit) break;
        group.waiting.delete(next);
        group.holding.add(next);
        called.push(next);
      }
      if (group.holding.size === 0 && group.waiting.size === 0) groups.delete(key);
      return called;
    },
  };
}
