import type { Clock } from '../ports/clock.ts';

/** The timers of one execution, by key. */
export class Timers {
  readonly #clock: Clock;
  readonly #clear = new Map<string, () => void>();
  readonly #due = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the one with the same key. */
  set(key: string, at: number, callback: () => void): void {
    this.clear(key);
    this.#due.set(key, at);
    this.#clear.set(
      key,
      this.#clock.setTimer(at, () => {
        this.#clear.delete(key);
        this.#due.delete(key);
        callback();
      }),
    );
  }

  clear(key: string): void {
    this.#clear.get(key)?.();
    this.#clear.delete(key);
    this.#due.delete(key);
  }

  clearAll(): void {
    for (const clear of this.#clear.values()) clear();
    this.#clear.clear();
    this.#due.clear();
  }

  /** When each of them is due, in milliseconds since 1970. */
  due(): Map<string, number> {
    return new Map(this.#due);
  }
}
