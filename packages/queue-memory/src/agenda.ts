import type { Clock } from '@vwmp/core/ports';
import { Heap, type HeapEntry } from './heap.ts';

/** Something that is to happen at a time. */
export interface Due extends HeapEntry {
  /** In milliseconds of the clock. */
  due: number;
  /** Decides between equal times: lower first. */
  order: number;
  onDue(): void;
}

/** At most so many in one turn of the event loop. */
const batch = 1000;

/** All that waits for a time, with one timer for the first of it and none when nothing waits. */
export class Agenda {
  readonly #clock: Clock;
  readonly #entries = new Heap<Due>((a, b) => a.due < b.due || (a.due === b.due && a.order < b.order));
  #timer: { at: number; clear: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(entry: Due, due: number): void {
    entry.due = due;
    this.#entries.push(entry);
    this.#arm();
  }

  /** Harmless when it is not there. */
  remove(entry: Due): void {
    if (entry.slot < 0) return;
    this.#entries.remove(entry);
    // The timer stays for those that are left, even if it is too early: most that are removed are not the first.
    if (this.#entries.size === 0) this.clear();
  }

  /** Takes the timer back; what is there is forgotten with the agenda. */
  clear(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }

  #arm(): void {
    const at = this.#entries.peek()?.due;
    if (at === undefined || (this.#timer && this.#timer.at <= at)) return;
    this.#timer?.clear();
    this.#timer = { at, clear: this.#clock.setTimer(at, () => this.#fire()) };
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let count = 0; count < batch; count++) {
      const first = this.#entries.peek();
      if (!first || first.due > now) break;
      this.#entries.pop();
      first.onDue();
    }
    this.#arm();
  }
}
