import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { Logger } from '../ports/logger.ts';

export interface SweeperOptions {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The longest time between two looks, in milliseconds: for what nothing told of. */
  readonly interval: number;
  /** The shortest one while more is ready than is taken up, in milliseconds. */
  readonly pause: number;
  /** Whether nothing is to be handed out now. */
  held(): Promise<boolean>;
  /** Hands an execution to whoever works; not again while it still has it. */
  ready(executionId: string): Promise<unknown>;
  /** Called with every look. */
  also(): Promise<void>;
}

/** Between two looks, however many moments follow one another, in milliseconds. */
const shortest = 20;

/** How many ready executions are looked at in one go. */
const batch = 200;

/**
 * Finds executions that are ready and that no hint told of: their timer is due, their worker has died, or the process ended
 * between recording and telling. Sleeps until the next moment that the store knows of.
 */
export class Sweeper {
  readonly #options: SweeperOptions;
  /** Handed out and not taken up yet. */
  readonly #out = new Set<string>();
  #clearTimer: (() => void) | undefined;
  /** When the last look began; ahead of the clock where that was set back. */
  #looked = Number.NEGATIVE_INFINITY;
  /** When the next look is due. */
  #at = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | undefined;
  /** The earliest moment that became known during a look. */
  #expected = Number.POSITIVE_INFINITY;
  #full = false;
  #failed = false;
  #closed = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  /** Looks now. Never rejects. */
  sweep(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#sweeping !== undefined) this.#expected = 0;
    this.#sweeping ??= this.#look().finally(() => {
      this.#sweeping = undefined;
      const expected = this.#expected;
      this.#expected = Number.POSITIVE_INFINITY;
      this.expect(expected);
    });
    return this.#sweeping;
  }

  /** Something is due at a moment that may be earlier than what is known, in milliseconds since 1970. */
  expect(at: number): void {
    if (this.#closed) return;
    // A look that is under way may have come too early to see it.
    if (this.#sweeping !== undefined) this.#expected = Math.min(this.#expected, at);
    else if (at < this.#at)
      this.#arm(Math.max(at, Math.min(this.#looked, this.#options.clock.now()) + shortest));
  }

  /** One that was handed out is being looked at. When few are left, the next ones are fetched. */
  taken(executionId: string): void {
    if (!this.#out.delete(executionId)) return;
    if (this.#full && this.#out.size < batch / 4) void this.sweep();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#clearTimer?.();
    await this.#sweeping;
  }

  #arm(at: number): void {
    this.#clearTimer?.();
    const { clock, interval } = this.#options;
    // What was known before the clock was set back seems farther away than what is.
    this.#at = Math.min(at, clock.now() + interval);
    const look = (): void => {
      this.#at = Number.POSITIVE_INFINITY;
      void this.sweep();
    };
    // One too early does no harm, and one that waits for a clock that was set back would find nothing for hours.
    this.#clearTimer = clock.setTimer(this.#at, look, { elapsed: true });
  }

  async #look(): Promise<void> {
    const { store, clock, logger, interval, pause, held, ready, also } = this.#options;
    const now = clock.now();
    this.#looked = now;
    let next: number | undefined;
    try {
      const ids = await store.ready(now, batch);
      this.#full = ids.length === batch;
      // What was handed out and is ready still may have got lost on its way.
      this.#out.clear();
      if (ids.length > 0 && !(await held())) {
        for (const id of ids) this.#out.add(id);
        await Promise.all(ids.map((id) => ready(id)));
      }
      await also();
      next = await store.nextReady();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed && !this.#closed)
        logger.log('warn', 'The store cannot be asked for what is ready; trying again.', {
          error: String(error),
        });
      this.#failed = true;
      next = now + pause;
    }
    if (this.#closed) return;
    const after = clock.now();
    // What is ready already was handed out a moment ago; what is due later is looked for then.
    const at =
      next === undefined ? now + interval : next > now ? Math.max(next, after + shortest) : after + pause;
    this.#arm(Math.min(at, Math.max(now + interval, after)));
  }
}
