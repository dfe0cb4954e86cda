import { hasCode, type WorkflowRecord } from '@vwmp/core';
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

/** @throws REV_CONFLICT when the workflow is one of those that must not be there */
export function checkNone({ id, rev }: WorkflowRecord, ifNoneMatch: string | undefined): void {
  if (!isFresh(ifNoneMatch, rev)) return;
  const message = `There is a workflow "${id}" already, with rev "${rev}". Send it without "If-None-Match" to replace that.`;
  throw refuse('REV_CONFLICT', message, { rev });
}

/**
 * Does again what may be based on another rev: someone may save the workflow meanwhile, and then it is looked at again.
 *
 * @param most - so many tries of what is based on certain revs
 * @throws REV_CONFLICT after those; STORE_UNAVAILABLE when it is based on none, and someone saves all the time
 */
export async function withRetries<T>(save: () => Promise<T>, most?: number): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await save();
    } catch (error) {
      if (!hasCode(error, 'REV_CONFLICT') || tries === most) throw error;
      if (tries === 10) throw refuse('STORE_UNAVAILABLE', 'The workflow is saved all the time.');
    }
    // Those that come at once must not meet again each time.
    const pause = Math.random() * 10 * (tries - 1);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
