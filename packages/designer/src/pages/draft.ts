import type { Unread } from '../document/index.ts';

/** Work that is not saved, kept in the browser so that a reload does not lose it. */
export interface Draft {
  text: string;
  /** Of what it was made from; undefined for a new workflow. */
  rev: string | undefined;
  /** What stood in fields and could not be read. */
  unread?: readonly Unread[] | undefined;
}

/** The part of `Storage` that is used. */
export type DraftKeeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Whether a draft outlives the page: else the browser refuses, or has that of another tab, which stays. */
export type Kept = 'kept' | 'refused' | 'taken';

/** The drafts of all workflows, as one tab has them. */
export interface Drafts {
  read(id: string): Draft | undefined;
  /** Keeps it, or takes away what this tab has kept. */
  keep(id: string, draft: Draft | undefined): Kept;
  /** Takes it away, whichever tab has kept it. */
  discard(id: string): void;
  /** Whether the browser keeps one, of whichever tab. */
  has(id: string): boolean;
}

const keyOf = (id: string): string => `vwmp.draft.${id}`;

/** @param keeper - asked for each time: a browser may refuse even that */
export function createDrafts(keeper: () => DraftKeeper): Drafts {
  /** What this tab has read or written, by key. */
  const own = new Map<string, string | null>();
  /** What is nowhere but here, by key: the page asks before it is left with it. */
  const here = new Map<string, string>();
  const ask = (event: Event): void => {
    if (here.size > 0) event.preventDefault();
  };
  return {
    read(id) {
      const key = keyOf(id);
      try {
        const text = here.get(key) ?? keeper().getItem(key);
        if (!here.has(key)) own.set(key, text);
        const kept = JSON.parse(text ?? 'null') as Partial<Draft> | null;
        return typeof kept?.text === 'string' ? { ...(kept as Draft) } : undefined;
      } catch {
        return undefined;
      }
    },
    keep(id, draft) {
      const key = keyOf(id);
      const text = draft ? JSON.stringify(draft) : null;
      let kept: Kept = 'refused';
      try {
        const there = keeper().getItem(key);
        if (there !== null && there !== own.get(key)) kept = 'taken';
        else {
          if (text === null) keeper().removeItem(key);
          else keeper().setItem(key, text);
          own.set(key, text);
          kept = 'kept';
        }
      } catch {}
      here.delete(key);
      if (kept === 'kept' || text === null) return 'kept';
      here.set(key, text);
      addEventListener('beforeunload', ask);
      return kept;
    },
    discard(id) {
      here.delete(keyOf(id));
      try {
        keeper().removeItem(keyOf(id));
      } catch {}
    },
    has(id) {
      try {
        return keeper().getItem(keyOf(id)) !== null;
      } catch {
        return false;
      }
    },
  };
}

export const drafts: Drafts = createDrafts(() => localStorage);
