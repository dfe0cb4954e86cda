import type { Maintenance } from '@vwmp/core';
import { unfinishedCopy } from '../migrations/plan.ts';

/** What beginning and ending a copy take of a database. */
export interface ImportingParts extends Pick<Maintenance, 'migrate' | 'tables'> {
  /** Adds {@link unfinishedCopy} to the applied migrations, unless it is there. */
  mark(): Promise<unknown>;
  unmark(): Promise<unknown>;
}

/** Half a copy, as the one that makes it sees it. */
export interface Importing {
  /** What is applied, without the mark once this instance has begun: it may see what is there of the copy. */
  visible(applied: readonly string[]): string[];
  /** {@link Maintenance.importing} */
  step(step: 'begin' | 'end', parts: ImportingParts): Promise<void>;
}

export function createImporting(): Importing {
  let begun = false;
  return {
    visible: (applied) => applied.filter((id) => !begun || id !== unfinishedCopy),
    async step(step, { migrate, tables, mark, unmark }) {
      if (step === 'end') {
        await unmark();
        return;
      }
      begun = true;
      await migrate();
      if ((await tables()).every(({ rows }) => rows === 0)) await mark();
    },
  };
}
