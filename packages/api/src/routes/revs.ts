import type { WorkflowRecord } from '@vwmp/core';
import { refuse } from '../app/error-answer.ts';

/** A rev as an entity tag. */
export function tagOf(rev: string): string {
  return `"${rev}"`;
}

/** The revs that a header with entity tags names; a rev without quotes is understood too. */
function revsOf(header: string): string[] {
  return header.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
}

export function isFresh(ifNoneMatch: string | undefined, rev: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const revs = revsOf(ifNoneMatch);
  return revs.includes('*') || revs.includes(rev);
}

/** @throws REV_CONFLICT when the workflow is not one of those that the change may be based on */
export function checkRev({ id, rev }: WorkflowRecord, ifMatch: string | undefined): void {
  if (ifMatch === undefined || isFresh(ifMatch, rev)) return;
  const message = `Workflow "${id}" was changed by someone else: it is rev "${rev}" now. Read it again, and base the change on that.`;
  throw refuse('REV_CONFLICT', message, { rev });
}
