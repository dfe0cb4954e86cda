import type { Clock } from '../ports/clock.ts';

/** The timers of one execution, by key. */
export class Timers {
  readonly #clock: Clock;
  readonly #clear = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the one with the same key. */
  set(key: string, at: number, callback: () => void): void {
    this.clear(key);
    this.#clear.set(
      key,
      this.#clock.setTimer(at, () => {
        this.#clear.delete(key);
        callback();
      }),
    );
  }

  clear(key: string): void {
    this.#clear.get(key)?.();
    this.#clear.delete(key);
  }

  clearAll(): void {
    for (const clear of this.#clear.values()) clear();
    this.#clear.clear();
  }
}
