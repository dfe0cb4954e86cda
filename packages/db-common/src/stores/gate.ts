import { type Lifecycle, VwmpError } from '@vwmp/core';

/** What opening and closing mean for one storage. */
export interface GateHooks {
  open(): Promise<void>;
  /** Called once, when nothing is under way any more. */
  close(): Promise<void>;
}

/** The lifecycle of a storage: new, then open, then closed for good. */
export interface Gate extends Lifecycle {
  /** @throws CLOSED unless it is open */
  check(): void;
  /** Runs `work` when it is open; `close` waits for it. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Makes the lifecycle of a storage and all of its stores. */
export function createGate(hooks: GateHooks): Gate {
  const underway = new Set<Promise<unknown>>();
  let state: 'new' | 'open' | 'closed' = 'new';
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const check = (): void => {
    if (state === 'open') return;
    const reason = state === 'new' ? 'is not open. Call open() first.' : 'has been closed. Make a new one.';
    throw new VwmpError('CLOSED', `The storage ${reason}`, { retryable: false });
  };

  const enter = async (): Promise<void> => {
    try {
      await hooks.open();
      if (state === 'new') state = 'open';
    } catch (error) {
      // What hindered it may pass: it can be opened again.
      opening = undefined;
      throw error;
    }
  };

  const leave = async (): Promise<void> => {
    state = 'closed';
    await opening?.catch(() => undefined);
    while (underway.size > 0) await Promise.allSettled(underway);
    await hooks.close();
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
    async run(work) {
      check();
      const promise = work();
      underway.add(promise);
      try {
        return await promise;
      } finally {
        underway.delete(promise);
      }
    },
  };
}
