import { createMemoryExecutionStore } from '@vwmp/core/memory';
import type { Append, ExecutionStore } from '@vwmp/core/ports';
import { isRefusal, notices, patched } from '../notices.ts';
import { executionStoreSuite } from './index.ts';

/** Breaks a store by what it does instead. */
export type Break = (store: ExecutionStore) => Partial<ExecutionStore>;

/** What is wrong with a store, and the case that notices it. */
export type Flaw = [flaw: string, noticed: string, breakIt: Break];

/** Makes a test of each flaw. */
export function noticesAll(flaws: readonly Flaw[]): void {
  for (const [flaw, noticed, breakIt] of flaws) {
    const make = () => patched(createMemoryExecutionStore(), breakIt);
    notices(flaw, noticed, executionStoreSuite({ patience: 500, place: async () => ({ make }) }));
  }
}

/** Appends something else than what was given. */
export function appending(change: (append: Append) => Append): Break {
  return (store) => ({ append: (append) => store.append(change(append)) });
}

/** Changes nothing and reports no error where one of these was to be reported. */
export function swallowing(...codes: string[]): Break {
  return (store) => ({
    append: async (append) => {
      try {
        return await store.append(append);
      } catch (error) {
        if (!isRefusal(error, ...codes)) throw error;
        return [];
      }
    },
  });
}
