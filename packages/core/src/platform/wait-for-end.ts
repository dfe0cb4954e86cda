import type { Execution } from '../model/execution.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import type { EndListener } from './ends.ts';

/** Events may get lost on their way: so often the store is asked, in milliseconds. */
const lookAgain = 2000;

export interface EndSource {
  /**
   * Tells of the end where this process works on it.
   *
   * @returns what ends that; undefined where this process does not work on it
   */
  here(listener: EndListener): (() => void) | undefined;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Tells that something has changed, where the bus does not reach the process that works on it. */
  onChange?(listener: () => void): () => void;
  /** @throws EXECUTION_NOT_FOUND */
  read(): Promise<ExecutionRecord>;
  readonly closing: Closing;
}

/** Tells many who wait that nothing can be read any more; a signal would go through all of them for each that comes or goes. */
export class Closing {
  readonly #listeners = new Set<() => void>();
  #error: Error | undefined;

  get closed(): boolean {
    return this.#error !== undefined;
  }

  /** @returns what ends that */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param error - for whoever waits */
  close(error: Error): void {
    this.#error = error;
    for (const listener of this.#listeners) listener();
  }

  throwIfClosed(): void {
    if (this.#error) throw this.#error;
  }
}

interface Bounds {
  /** In milliseconds since 1970. */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Resolves when the execution has ended, the time is over, or the signal is aborted.
 *
 * @returns the execution when it has ended in this process, where nothing needs to be read
 * @throws the error of `closing`
 */
export async function waitForEnd(
  id: string,
  source: EndSource,
  { timeout = Number.POSITIVE_INFINITY, signal }: { timeout?: number; signal?: AbortSignal },
): Promise<Execution | undefined> {
  const until = source.clock.now() + timeout;
  const ended = await endHere(source, { until, signal });
  if (ended) return ended;
  await endAnywhere(id, source, { until, signal });
  return undefined;
}

async function endHere(
  { here, clock, closing }: EndSource,
  { until, signal }: Bounds,
): Promise<Execution | undefined> {
  if (signal?.aborted || closing.closed || clock.now() >= until) return undefined;
  const { promise, resolve } = Promise.withResolvers<Execution | undefined>();
  const unwatch = here(resolve);
  if (!unwatch) return undefined;
  const giveUp = (): void => resolve(undefined);
  const clear = until === Number.POSITIVE_INFINITY ? undefined : clock.setTimer(until, giveUp);
  signal?.addEventListener('abort', giveUp);
  const unwatchClosing = closing.watch(giveUp);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    unwatchClosing();
    clear?.();
    unwatch();
  }
}

async function endAnywhere(
  id: string,
  { bus, clock, read, onChange, closing }: EndSource,
  { until, signal }: Bounds,
): Promise<void> {
  let wake: () => void = () => {};
  let told = false;
  const stop = (): void => wake();
  closing.throwIfClosed();
  // First listen, then look: an end in between is not missed.
  const unsubscribe = bus.subscribe(id, ({ event }) => {
    if (event !== 'workflow_completed') return;
    told = true;
    wake();
  });
  const unwatch = onChange?.(() => wake());
  signal?.addEventListener('abort', stop);
  const unwatchClosing = closing.watch(stop);
  try {
    while (clock.now() < until && !signal?.aborted) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      if ((await read()).completed_at !== undefined) return;
      const clear = clock.setTimer(Math.min(until, clock.now() + lookAgain), woken.resolve);
      if (signal?.aborted || closing.closed) wake();
      await woken.promise;
      clear();
      closing.throwIfClosed();
      // Nobody is told of an end that is not recorded: to look once more would only take longer.
      if (told) return;
    }
    await read();
  } finally {
    signal?.removeEventListener('abort', stop);
    unwatchClosing();
    unsubscribe();
    unwatch?.();
  }
}
