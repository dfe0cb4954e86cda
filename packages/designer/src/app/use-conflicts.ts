import { useSyncExternalStore } from 'react';
import type { StoredWorkflow } from '../backend.ts';

/** Why a workflow could not be saved: what someone else has saved meanwhile, or that it was deleted. */
export interface Conflict {
  readonly theirs: StoredWorkflow | undefined;
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

export function createConflicts(): Conflicts {
  let all: All = new Map();
  const listeners = new Set<() => void>();
  const become = (next: All): void => {
    all = next;
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
export const pageConflicts: Conflicts = createConflicts();

export function useConflicts(conflicts: Conflicts): All {
  return useSyncExternalStore(conflicts.subscribe, conflicts.getAll);
}
