import { VwmpError } from '@vwmp/core';
import type { Lifecycle } from '@vwmp/core/ports';

/** New, then open, then closed for good. */
export interface Gate extends Lifecycle {
  /** @throws CLOSED unless it is open */
  check(): void;
}

/**
 * The lifecycle of one adapter.
 *
 * @param what - names it in messages
 * @param open - called again when it failed; its signal aborts when it is closed meanwhile
 * @param close - called once, when opening has ended
 */
export function createGate(
  what: string,
  open: (signal: AbortSignal) => Promise<void>,
  close: () => Promise<void>,
): Gate {
  const abort = new AbortController();
  let state: 'new' | 'open' | 'closed' = 'new';
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const check = (): void => {
    if (state === 'open') return;
    const reason = state === 'new' ? 'is not open. Call open() first.' : 'has been closed. Make a new one.';
    throw new VwmpError('CLOSED', `The ${what} ${reason}`, { retryable: false });
  };
  const enter = async (): Promise<void> => {
    try {
      await open(abort.signal);
      if (state === 'new') state = 'open';
    } catch (error) {
      opening = undefined;
      if (state === 'closed') check();
      throw error;
    }
  };
  const leave = async (): Promise<void> => {
    if (state === 'new') abort.abort();
    state = 'closed';
    await opening?.catch(() => {});
    await close();
  };

  return {
    check,
    async open() {
      if (state === 'closed') check();
      opening ??= enter();
      await opening;
      check();
    },
    async close() {
      closing ??= leave();
      await closing;
    },
  };
}
