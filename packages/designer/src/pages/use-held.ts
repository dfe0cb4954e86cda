import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Conflict, type Conflicts, createConflicts, useConflicts } from '../app/use-conflicts.ts';
import type { OpenDocument } from './open-document.ts';

/** What is edited, as long as its page is there. */
export interface Held {
  readonly opened: RefObject<OpenDocument | undefined>;
  /** Why it could not be saved. */
  readonly conflict: Conflict | undefined;
  setConflict(conflict: Conflict | undefined): void;
}

/**
 * Holds what is edited while something else of the workflow is shown.
 *
 * @param shared - outlives it, with what is still to be decided
 */
export function useHeld(id: string, shared?: Conflicts): Held {
  const opened = useRef<OpenDocument>(undefined);
  const [own] = useState(createConflicts);
  const conflicts = shared ?? own;
  const conflict = useConflicts(conflicts).get(id);
  useEffect(() => {
    // Another tab may have taken away what this one has kept.
    const keep = (): void => opened.current?.keep();
    addEventListener('storage', keep);
    return () => removeEventListener('storage', keep);
  }, []);
  return { opened, conflict, setConflict: (now) => conflicts.set(id, now) };
}
