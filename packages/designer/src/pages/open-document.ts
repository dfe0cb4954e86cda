import type { StoredWorkflow } from '../backend.ts';
import { createDocumentStore, type DocumentStore } from '../document/index.ts';
import { drafts, type Kept } from './draft.ts';

/** A workflow that is being edited, with what can be undone. */
export interface OpenDocument {
  readonly store: DocumentStore;
  /** Of what it is based on. */
  rev: string;
  /** It began with work from before, which nobody was told yet. */
  isFromBefore: boolean;
  /** It was opened without what was left of it. */
  readonly isReadOnly: boolean;
  /** Keeps what is not saved. */
  keep(): void;
  /** Tells what is saved now. @param text - of it, which may have been changed since */
  saved(stored: StoredWorkflow, text: string): void;
  /** Takes what is stored now in place of what was done, which can be undone. */
  take(stored: StoredWorkflow): void;
}

/**
 * Opens a workflow with what was not saved when it was left.
 *
 * @param isReadOnly - what is stored is shown, and work of whoever else uses the browser stays where it is
 * @param onNotKept - called when what is not saved no longer outlives the page
 */
export function openDocument(
  { id, ...stored }: StoredWorkflow,
  onNotKept?: (why: Exclude<Kept, 'kept'>) => void,
  isReadOnly = false,
): OpenDocument {
  const draft = isReadOnly ? undefined : drafts.read(id);
  const isFromBefore = draft !== undefined && (draft.text !== stored.text || Boolean(draft.unread?.length));
  const store = createDocumentStore(isFromBefore ? draft.text : stored.text, stored.text, draft?.unread);
  let kept: Kept = 'kept';
  const opened: OpenDocument = {
    store,
    rev: (isFromBefore ? draft.rev : undefined) ?? stored.rev,
    isFromBefore,
    isReadOnly,
    keep() {
      const { isChanged, text, unread } = store.getState();
      const before = kept;
      kept = drafts.keep(
        id,
        isChanged ? { text, rev: opened.rev, ...(unread.length > 0 && { unread }) } : undefined,
      );
      if (kept !== before && kept !== 'kept') onNotKept?.(kept);
    },
    saved({ rev }, text) {
      opened.rev = rev;
      store.saved(text);
      // Nobody else does while something else of the workflow is shown.
      opened.keep();
    },
    take(now) {
      store.type(now.text);
      opened.saved(now, now.text);
    },
  };
  return opened;
}
