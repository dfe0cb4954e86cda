import { AssertionError } from 'node:assert';
import type { Duration } from '../model/workflow.ts';
import type { Clock, TimerOptions } from '../ports/clock.ts';
import { parseDuration } from '../values/index.ts';

interface Timer {
  readonly at: number;
  readonly background: boolean;
  readonly callback: () => void;
}

// Kept, as test runners replace the global ones when a test asks them for fake timers.
const { setImmediate, setTimeout } = globalThis;

/** How long nothing may happen, in milliseconds of real time, before it is certain that nothing will. */
const patience = 100;

/**
 * A clock that moves only when a test says so, and fires what becomes due on the way in order.
 *
 * Work that takes real time (a handler that reads a file) is done while the clock stands still: see {@link FakeClock.hold}.
 */
export class FakeClock implements Clock {
  #now: number;
  #held = 0;
  #released: PromiseWithResolvers<void> | undefined;
  readonly #timers = new Set<Timer>();

  /** @param start - @defaultValue 2030-01-01T00:00:00Z */
  constructor(start: string | number | Date = '2030-01-01T00:00:00Z') {
    this.#now = new Date(start).getTime();
    if (Number.isNaN(this.#now)) throw new TypeError(`"${String(start)}" is no time. Write it in ISO 8601.`);
  }

  now(): number {
    return this.#now;
  }

  setTimer(at: number, callback: () => void, { background = false }: TimerOptions = {}): () => void {
    const timer = { at, callback, background };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves on by this much, whatever is under way: a step whose handler never answers reaches its timeout.
   *
   * @param duration - milliseconds, or text like `30s`, `2h` or `30d`
   */
  async advance(duration: Duration): Promise<void> {
    const milliseconds = parseDuration(duration);
    if (milliseconds === undefined)
      throw new TypeError(`"${duration}" is no duration. Write it like 250ms, 10s, 5m, 2h or 1d.`);
    const end = this.#now + milliseconds;
    do await settle();
    while (this.#fire((timer) => timer.at <= end));
    this.#now = end;
    await settle();
  }

  /** Resolves when nothing is held any more and all has run that waits for nothing but its turn. */
  async idle(): Promise<void> {
    do {
      await this.#released?.promise;
      await settle();
    } while (this.#held > 0);
  }

  /**
   * Jumps to the next timer whenever nothing else is left to do, until the promise has settled: a workflow that sleeps
   * for 30 days ends at once.
   *
   * @param stuck - says what is missing, when nothing is left to do and no timer is set
   * @returns what the promise gives
   * @throws AssertionError instead of waiting for ever
   */
  async skipUntil<T>(promise: Promise<T>, stuck?: () => string): Promise<T> {
    let settled = false;
    const end = (): void => {
      settled = true;
    };
    const ended = promise.then(end, end);
    const quiet = (): Promise<void> => Promise.race([this.idle(), ended]);
    for (;;) {
      await quiet();
      if (!settled && !this.#hasWork()) {
        await Promise.race([new Promise((resolve) => setTimeout(resolve, patience)), ended]);
        await quiet();
        if (!settled && !this.#hasWork())
          throw new AssertionError({
            message: stuck?.() ?? 'Nothing is left to do, and what is waited for has not come.',
          });
      }
      if (settled) return promise;
      this.#fire(() => true);
    }
  }

  /** Carries something out while {@link skipUntil} and {@link idle} wait for it. */
  hold<T>(work: () => T): T {
    let result: T;
    this.#held++;
    this.#released ??= Promise.withResolvers();
    try {
      result = work();
    } catch (error) {
      this.#release();
      throw error;
    }
    const release = (): void => this.#release();
    if (isPromise(result)) result.then(release, release);
    else release();
    return result;
  }

  #release(): void {
    this.#held--;
    if (this.#held > 0) return;
    this.#released?.resolve();
    this.#released = undefined;
  }

  /** Something other than housekeeping is to come. */
  #hasWork(): boolean {
    return [...this.#timers].some(({ background }) => !background);
  }

  /** Fires the next timer of these. @returns whether there was one */
  #fire(which: (timer: Timer) => boolean): boolean {
    const next = [...this.#timers].filter(which).sort((a, b) => a.at - b.at)[0];
    if (!next) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
  );
}
