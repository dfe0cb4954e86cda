import type { VwmpError } from '@vwmp/core';

/** What a promise was rejected with; fails when it was not. */
export async function failure(work: Promise<unknown>): Promise<VwmpError> {
  const outcome = await work.then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error as VwmpError;
  throw new Error(`Should have failed, but gave ${JSON.stringify(outcome.value)?.slice(0, 200)}`);
}
