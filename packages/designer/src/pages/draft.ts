/** Work that is not saved, kept in the browser so that a reload does not lose it. */
export interface Draft {
  text: string;
  /** Of what it was made from; undefined for a new workflow. */
  rev: string | undefined;
}

/** The part of `Storage` that is used. */
export type DraftKeeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const keyOf = (id: string): string => `vwmp.draft.${id}`;

export function readDraft(keeper: DraftKeeper, id: string): Draft | undefined {
  try {
    const kept = JSON.parse(keeper.getItem(keyOf(id)) ?? 'null') as Partial<Draft> | null;
    return typeof kept?.text === 'string' ? { text: kept.text, rev: kept.rev } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns false when the browser does not keep it */
export function keepDraft(keeper: DraftKeeper, id: string, draft: Draft | undefined): boolean {
  try {
    if (draft) keeper.setItem(keyOf(id), JSON.stringify(draft));
    else keeper.removeItem(keyOf(id));
    return true;
  } catch {
    return false;
  }
}
