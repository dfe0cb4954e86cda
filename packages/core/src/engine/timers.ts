import type { Clock } from '../ports/clock.ts';

/** The timers of one execution, by key. */
export class Timers {
  readonly #clock: Clock;
  /** By key. Made with the first one: most executions have none. */
  #armed: Map<string, { at: number; clear: () => void }> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the one with the same key. */
  set(key: string, at: number, callback: () => void): void {
    this.clear(key);
    const clear = this.#clock.setTimer(at, () => {
      this.#armed?.delete(key);
      callback();
    });
    this.#armed ??= new Map();
    this.#armed.set(key, { at, clear });
  }

  clear(key: string): void {
    this.#armed?.get(key)?.clear();
    this.#armed?.delete(key);
  }

  clearAll(): void {
    for (const { clear } of this.#armed?.values() ?? []) clear();
    this.#armed = undefined;
  }

  /** When each of them is due, in milliseconds since 1970. */
  due(): Map<string, number> {
    return new Map([...(this.#armed ?? [])].map(([key, { at }]) => [key, at]));
  }
}
