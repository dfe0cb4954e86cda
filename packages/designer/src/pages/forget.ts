import { pageConflicts } from '../app/use-conflicts.ts';
import { drafts } from './draft.ts';

/** Lets go what was not saved of a workflow that is gone. */
export function forget(id: string): void {
  drafts.discard(id);
  pageConflicts.set(id, undefined);
}
