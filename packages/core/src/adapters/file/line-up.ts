import { isCompleted } from '../memory/execution-query.ts';
import type { HistoryTail } from './history.ts';

type Member = Pick<HistoryTail, 'summary' | 'origin' | 'place'>;

interface Group {
  /** How many have begun and not ended. */
  begun: number;
  /** Of those that have not begun, ascending. */
  places: number[];
}

/** Who waits for whom because of concurrency keys. */
export interface LineUp {
  /**
   * Whether the turn of an execution has come: fewer than its limit with the same key have begun or were created
   * before it, and have not ended. It can be asked without a lock: others only get out of the way.
   */
  isCalled(execution: Member): boolean;
}

/** @param active - all that have not ended */
export function createLineUp(active: Iterable<Member>): LineUp {
  const groups = new Map<string, Group>();
  for (const { summary, origin, place = 0 } of active) {
    const key = origin?.concurrency?.key;
    if (key === undefined || isCompleted(summary)) continue;
    const group = groups.get(key) ?? { begun: 0, places: [] };
    groups.set(key, group);
    if (summary.status === 'pending') group.places.push(place);
    else group.begun++;
  }
  for (const { places } of groups.values()) places.sort((a, b) => a - b);

  return {
    isCalled({ summary, origin, place = 0 }) {
      const concurrency = origin?.concurrency;
      if (!concurrency || summary.status !== 'pending') return true;
      const { begun, places } = groups.get(concurrency.key) ?? { begun: 0, places: [] };
      const ahead = places.findIndex((other) => other >= place);
      return begun + (ahead < 0 ? places.length : ahead) < concurrency.limit;
    },
  };
}
