import { permanent } from '../engine/permanent.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { Logger } from '../ports/logger.ts';

export interface LeaseOptions {
  readonly store: ExecutionStore;
  readonly worker: string;
  /** In milliseconds. */
  readonly ttl: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Shows that a worker is alive, but only while it has work: an idle one writes nothing. */
export class Lease {
  readonly #options: LeaseOptions;
  #until = 0;
  #renewing: Promise<void> | undefined;
  #held = 0;
  #clearTimer: (() => void) | undefined;
  #closed = false;
  /** Told once, however often it is tried. */
  #failing = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the lease runs for at least half of its time.
   *
   * @returns nothing to wait for when it does
   * @throws STORE_UNAVAILABLE
   */
  ensure(): Promise<void> | undefined {
    const { clock, ttl } = this.#options;
    const left = this.#until - clock.now();
    // More than its time is left only when the clock was set back: then nobody knows how much is.
    return left > ttl / 2 && left <= ttl ? undefined : this.#renew();
  }

  /** The worker owns one more execution: the lease is kept up from now on. */
  hold(): void {
    this.#held++;
    this.#arm();
  }

  /** The worker owns one less. */
  letGo(): void {
    if (--this.#held > 0) return;
    this.#clearTimer?.();
    this.#clearTimer = undefined;
  }

  /** @throws STORE_UNAVAILABLE */
  async close(): Promise<void> {
    this.#closed = true;
    this.#clearTimer?.();
    this.#clearTimer = undefined;
    await this.#renewing?.catch(() => {});
    if (this.#until > 0) await this.#options.store.retire(this.#options.worker);
  }

  #arm(): void {
    if (this.#closed || this.#clearTimer || this.#held === 0) return;
    const { clock, ttl } = this.#options;
    // Early enough for two more tries.
    const now = clock.now();
    const early = Math.max(this.#until - (2 * ttl) / 3, now + Math.min(ttl / 10, 1000));
    const at = Math.min(early, now + ttl / 3);
    const renew = (): void => {
      this.#clearTimer = undefined;
      this.#renew().then(
        () => this.#arm(),
        () => this.#arm(),
      );
    };
    this.#clearTimer = clock.setTimer(at, renew, { elapsed: true });
  }

  async #renew(): Promise<void> {
    // One that was ended stays so: nobody would keep it up.
    if (this.#closed) throw permanent('ENGINE_CLOSED', 'The worker has been closed.');
    this.#renewing ??= this.#beat().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #beat(): Promise<void> {
    const { store, worker, ttl, clock, logger } = this.#options;
    const asked = clock.now();
    try {
      await store.heartbeat(worker, ttl);
      this.#until = asked + ttl;
      if (this.#failing) logger.log('info', 'The lease of the worker is renewed.', { worker });
      this.#failing = false;
    } catch (error) {
      if (!this.#closed && !this.#failing)
        logger.log('warn', 'The lease of the worker cannot be renewed; trying again.', {
          worker,
          error: String(error),
        });
      this.#failing = true;
      throw error;
    }
  }
}
