import { type RefObject, useEffect, useRef, useState } from 'react';
import type { StoredWorkflow } from '../backend.ts';
import type { OpenDocument } from './open-document.ts';

/** What is edited, as long as its page is there. */
export interface Held {
  readonly opened: RefObject<OpenDocument | undefined>;
  /** Why it could not be saved: what someone else has saved meanwhile, or that it was deleted. */
  readonly conflict: { theirs: StoredWorkflow | undefined } | undefined;
  setConflict(conflict: Held['conflict']): void;
}

/** Holds what is edited while something else of the workflow is shown. */
export function useHeld(): Held {
  const opened = useRef<OpenDocument>(undefined);
  const [conflict, setConflict] = useState<Held['conflict']>();
  useEffect(() => {
    // Another tab may have taken away what this one has kept.
    const keep = (): void => opened.current?.keep();
    addEventListener('storage', keep);
    return () => removeEventListener('storage', keep);
  }, []);
  return { opened, conflict, setConflict };
}
