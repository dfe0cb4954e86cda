import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';

/** Events may get lost on their way: so often the store is asked, in milliseconds. */
const lookAgain = 2000;

export interface EndSource {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Tells that something has changed, where the bus does not reach the process that works on it. */
  onChange?(listener: () => void): () => void;
  /** @throws EXECUTION_NOT_FOUND */
  read(): Promise<ExecutionRecord>;
}

/** Resolves when the execution has ended, the time is over, or the signal is aborted. */
export async function waitForEnd(
  id: string,
  { bus, clock, read, onChange }: EndSource,
  { timeout = Number.POSITIVE_INFINITY, signal }: { timeout?: number; signal?: AbortSignal },
): Promise<void> {
  const until = clock.now() + timeout;
  let wake: () => void = () => {};
  // First listen, then look: an end in between is not missed.
  const unsubscribe = bus.subscribe(id, ({ event }) => {
    if (event === 'workflow_completed') wake();
  });
  const unwatch = onChange?.(() => wake());
  try {
    while (clock.now() < until && !signal?.aborted) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      if ((await read()).completed_at !== undefined) return;
      const clear = clock.setTimer(Math.min(until, clock.now() + lookAgain), woken.resolve);
      signal?.addEventListener('abort', wake, { once: true });
      await woken.promise;
      signal?.removeEventListener('abort', wake);
      clear();
    }
    await read();
  } finally {
    unsubscribe();
    unwatch?.();
  }
}
