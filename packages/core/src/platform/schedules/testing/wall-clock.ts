import type { Clock, TimerOptions } from '../../../ports/clock.ts';

interface Timer {
  at: number;
  /** When it looks at the clock, in time that passes. */
  due: number;
  callback: () => void;
  background: boolean;
  elapsed: boolean;
}

/** How long a timer takes at most to notice that the clock was set, in milliseconds. */
const lookAgain = 15_000;

/** A clock that moves when a test says so, and can be set, as the clock of a machine can: its timers notice that as late as there. */
export class WallClock implements Clock {
  #passed = 0;
  #shown: number;
  readonly #timers = new Set<Timer>();

  constructor(iso = '2030-01-01T00:00:00Z') {
    this.#shown = Date.parse(iso);
  }

  now(): number {
    return this.#shown + this.#passed;
  }

  setTimer(
    at: number,
    callback: () => void,
    { background = false, elapsed = false }: TimerOptions = {},
  ): () => void {
    const timer = { at, due: this.#passed + Math.max(0, at - this.now()), callback, background, elapsed };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** What is set, by the time that it is set for. */
  get timers(): { at: number; background: boolean }[] {
    return [...this.#timers];
  }

  /** Sets the clock; no time passes. */
  shift(milliseconds: number): void {
    this.#shown += milliseconds;
    for (const timer of this.#timers) {
      if (!timer.elapsed) timer.due = Math.min(timer.due, this.#passed + lookAgain);
    }
  }

  /** Lets time pass, and what becomes due happen in order. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#passed + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
      if (!next) break;
      this.#passed = Math.max(this.#passed, next.due);
      if (!next.elapsed && this.now() < next.at) {
        next.due = this.#passed + next.at - this.now();
        continue;
      }
      this.#timers.delete(next);
      next.callback();
    }
    this.#passed = end;
    await settle();
  }

  /** Lets time pass until the clock shows this. */
  async advanceTo(iso: string): Promise<void> {
    await this.advance(Date.parse(iso) - this.now());
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 30; round++) await new Promise((resolve) => setImmediate(resolve));
}
