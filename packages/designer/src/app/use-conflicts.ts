import { useSyncExternalStore } from 'react';
import type { StoredWorkflow } from '../backend.ts';
import { type DraftKeeper, type Drafts, drafts } from '../pages/draft.ts';

/** Why a workflow could not be saved: what someone else has saved meanwhile, or that it was deleted. */
export interface Conflict {
  readonly theirs: StoredWorkflow | undefined;
  /** What had happened when the page was loaded anew; what stands there now is still to be read. */
  readonly before?: 'changed' | 'deleted';
}

/** @returns what became of the workflow meanwhile */
export function whatHappened({ theirs, before }: Conflict): 'changed' | 'deleted' {
  return before ?? (theirs ? 'changed' : 'deleted');
}

type All = ReadonlyMap<string, Conflict>;

/** What is to be decided, by the ids of workflows. */
export interface Conflicts {
  getAll(): All;
  subscribe(listener: () => void): () => void;
  /** @param conflict - undefined once it is decided */
  set(id: string, conflict: Conflict | undefined): void;
  /** When somebody else may look at the page. */
  clear(): void;
}

const key = 'vwmp.conflicts';

/** @param keeper - asked for each time: of a tab, as what is to be decided is */
export function createConflicts(keeper?: () => DraftKeeper, work: Pick<Drafts, 'has'> = drafts): Conflicts {
  let all: All = new Map();
  try {
    const kept = JSON.parse(keeper?.().getItem(key) ?? '[]') as [string, 'changed' | 'deleted'][];
    // Where nothing is left to be saved there is nothing to decide.
    all = new Map(
      kept.flatMap(([id, before]) => (work.has(id) ? [[id, { theirs: undefined, before }]] : [])),
    );
  } catch {}
  const listeners = new Set<() => void>();
  const become = (next: All): void => {
    all = next;
    try {
      keeper?.().setItem(key, JSON.stringify([...next].map(([id, each]) => [id, whatHappened(each)])));
    } catch {}
    for (const listener of listeners) listener();
  };
  return {
    getAll: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(id, conflict) {
      const next = new Map(all);
      if (conflict) next.set(id, conflict);
      else if (!next.delete(id)) return;
      become(next);
    },
    clear: () => become(new Map()),
  };
}

/** Those of the whole page: they outlive that of the workflow. */
export const pageConflicts: Conflicts = createConflicts(() => sessionStorage);

export function useConflicts(conflicts: Conflicts): All {
  return useSyncExternalStore(conflicts.subscribe, conflicts.getAll);
}
