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

/** How long someone waits. */
interface Patience {
  over: boolean;
  /** Called when it is over; replaced by whoever waits. */
  tell: () => void;
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
  const { clock } = source;
  const patience: Patience = { over: timeout <= 0 || signal?.aborted === true, tell: () => {} };
  const end = (): void => {
    patience.over = true;
    patience.tell();
  };
  const clear =
    timeout < Number.POSITIVE_INFINITY
      ? clock.setTimer(clock.now() + timeout, end, { elapsed: true })
      : undefined;
  signal?.addEventListener('abort', end);
  try {
    const ended = await endHere(source, patience);
    if (!ended) await endAnywhere(id, source, patience);
    return ended;
  } finally {
    signal?.removeEventListener('abort', end);
    clear?.();
  }
}

async function endHere({ here, closing }: EndSource, patience: Patience): Promise<Execution | undefined> {
  if (patience.over || closing.closed) return undefined;
  const { promise, resolve } = Promise.withResolvers<Execution | undefined>();
  const unwatch = here(resolve);
  if (!unwatch) return undefined;
  const giveUp = (): void => resolve(undefined);
  patience.tell = giveUp;
  const unwatchClosing = closing.watch(giveUp);
  try {
    return await promise;
  } finally {
    unwatchClosing();
    unwatch();
  }
}

async function endAnywhere(
  id: string,
  { bus, clock, read, onChange, closing }: EndSource,
  patience: Patience,
): Promise<void> {
  let wake: () => void = () => {};
  let told = false;
  closing.throwIfClosed();
  // First listen, then look: an end in between is not missed.
  const unsubscribe = bus.subscribe(id, ({ event }) => {
    if (event !== 'workflow_completed') return;
    told = true;
    wake();
  });
  const unwatch = onChange?.(() => wake());
  const stop = (): void => wake();
  patience.tell = stop;
  const unwatchClosing = closing.watch(stop);
  try {
    while (!patience.over) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      if ((await read()).completed_at !== undefined) return;
      const clear = clock.setTimer(clock.now() + lookAgain, woken.resolve, { elapsed: true });
      if (patience.over || closing.closed) wake();
      await woken.promise;
      clear();
      closing.throwIfClosed();
      // Nobody is told of an end that is not recorded: to look once more would only take longer.
      if (told) return;
    }
    await read();
  } finally {
    unwatchClosing();
    unsubscribe();
    unwatch?.();
  }
}
