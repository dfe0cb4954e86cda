import type { Storage } from '@vwmp/core/ports';
import { overlay, withExecutions } from './freezing-storage.ts';

/** Knows which executions the workers of a storage own, from what passes through it. */
export interface OwnershipCounter {
  readonly storage: Storage;
  /** Ids of those that are owned now. */
  readonly owned: ReadonlySet<string>;
  /** The most that were owned at one moment. */
  readonly peak: number;
  /** How many have ended. */
  readonly ended: number;
}

/** Wraps a storage that has yet to be opened. */
export function createOwnershipCounter(storage: Storage): OwnershipCounter {
  const { executions } = storage;
  const owned = new Set<string>();
  let peak = 0;
  let ended = 0;
  const own = (id: string): void => {
    owned.add(id);
    peak = Math.max(peak, owned.size);
  };
  const counted = overlay(executions, {
    async claim(id, worker, now) {
      const record = await executions.claim(id, worker, now);
      if (record) own(id);
      return record;
    },
    async append(append) {
      const woken = await executions.append(append);
      const { id, completed_at } = append.summary;
      if (completed_at !== undefined) ended++;
      if (completed_at !== undefined || append.owner === null) owned.delete(id);
      else if (append.owner !== undefined) own(id);
      return woken;
    },
  });
  return {
    storage: withExecutions(storage, counted),
    owned,
    get peak() {
      return peak;
    },
    get ended() {
      return ended;
    },
  };
}
