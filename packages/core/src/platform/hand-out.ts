import type { Clock } from '../ports/clock.ts';
import type { EnqueueOptions, NewTask } from '../ports/queue-backend.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Between two tries, in milliseconds. */
const firstPause = 100;
const longestPause = 5000;

/** A task for which a queue had no room. */
export interface HandedOut {
  readonly task: NewTask;
  readonly options: EnqueueOptions;
  /** False once nobody waits for it any more. */
  wanted(): boolean;
}

/**
 * Puts tasks into queues however long that takes. An execution that is held while another queue has its step would wait
 * in vain for a task that was refused: no sweep looks at what somebody owns.
 */
export class HandOut {
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  /** What was refused, by queue, oldest first. */
  readonly #refused = new Map<string, Set<HandedOut>>();
  readonly #clearTimers = new Set<() => void>();
  #closed = false;

  constructor(dispatcher: Dispatcher, clock: Clock) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
  }

  /** Never rejects. */
  async add(queue: string, given: HandedOut): Promise<void> {
    if (await this.#dispatcher.enqueue(queue, given.task, given.options)) return;
    const refused = this.#refused.get(queue);
    if (refused) {
      refused.add(given);
      return;
    }
    this.#refused.set(queue, new Set([given]));
    await this.#insist(queue);
  }

  close(): void {
    this.#closed = true;
    for (const clear of this.#clearTimers) clear();
    this.#refused.clear();
  }

  /** One after another, as there is no room for more anyway. */
  async #insist(queue: string): Promise<void> {
    let pause = firstPause;
    const refused = this.#refused.get(queue)!;
    for (const given of refused) {
      while (given.wanted()) {
        await this.#sleep(pause);
        if (this.#closed) return;
        if (!given.wanted() || (await this.#dispatcher.enqueue(queue, given.task, given.options))) {
          pause = 0;
          break;
        }
        pause = Math.min(Math.max(pause * 2, firstPause), longestPause);
      }
      refused.delete(given);
    }
    this.#refused.delete(queue);
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (milliseconds === 0) return resolve();
      const clear = this.#clock.setTimer(
        this.#clock.now() + milliseconds,
        () => {
          this.#clearTimers.delete(clear);
          resolve();
        },
        { background: true, elapsed: true },
      );
      this.#clearTimers.add(clear);
    });
  }
}
