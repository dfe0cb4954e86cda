import { useRef } from 'react';
import { useOnce } from '../app/use-once.ts';
import { useStartKey } from '../app/use-start-key.ts';
import type { Backend } from '../backend.ts';
import { useToast } from '../style/index.ts';
import { describe } from './error-box.tsx';

/** Runs an execution again; what comes of it is told by a toast. */
export interface Retry {
  /** One of these goes on; the others wait for it. */
  busy: boolean;
  /** @param from - the step to begin with, else what failed */
  again(from?: string): Promise<void>;
  /** With the workflow as it is stored now: somebody has mended it, say. */
  mended(workflow: string, from?: string): Promise<void>;
  /** Anything else that is tried with it. @param done - what is said when it succeeds */
  attempt(done: string, work: () => Promise<unknown>): Promise<void>;
}

/** @param onRetried - called with the execution that runs it again */
export function useRetry(backend: Backend, id: string, onRetried: ((id: string) => void) | undefined): Retry {
  const toast = useToast();
  const [busy, once] = useOnce();
  const attempt: Retry['attempt'] = (done, work) =>
    once(async () => {
      try {
        await work();
        toast({ text: done, tone: 'success', about: 'retry' });
      } catch (reason) {
        toast({ text: describe(reason).message, tone: 'failed', about: 'retry' });
      }
    });
  const keyOf = useStartKey();
  const begun = useRef(0);
  const retry = async (from: string | undefined, text?: string): Promise<void> => {
    // Another time it is to run again, and not only to be told of what has begun already.
    const key = keyOf(begun.current, id, from, text);
    const options = { key, ...(from !== undefined && { from }), ...(text !== undefined && { text }) };
    const started = await backend.retryExecution(id, options);
    begun.current++;
    onRetried?.(started);
  };
  return {
    busy,
    attempt,
    again: (from) => attempt('It runs again.', () => retry(from)),
    mended: (workflow, from) =>
      attempt('It runs again, with the workflow as it is now.', async () => {
        const { text } = await backend.readWorkflow(workflow);
        await retry(from, text);
      }),
  };
}
