import type { Clock } from '../ports/clock.ts';
import type { NewTask } from '../ports/queue-backend.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Between two tries, in milliseconds. */
const firstPause = 100;
const longestPause = 5000;

/** So many tasks are remembered that were not given out; of an older one the queue does not know whether somebody has it. */
const mostKeptBack = 1000;

/** A task for which a queue had no room. */
export interface HandedOut {
  readonly task: NewTask;
  /** No queue has two of it. */
  readonly key: string;
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
  /** Those that are on their way into a queue, by key. */
  readonly #adding = new Map<string, Promise<boolean>>();
  /** Keys of tasks that were not wanted any more before they were given out, oldest first. */
  readonly #keptBack = new Set<string>();
  readonly #clearTimers = new Set<() => void>();
  #closed = false;

  constructor(dispatcher: Dispatcher, clock: Clock) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
  }

  /** Never rejects. */
  async add(queue: string, given: HandedOut): Promise<void> {
    if (await this.#enqueue(queue, given)) return;
    const refused = this.#refused.get(queue);
    if (refused) {
      refused.add(given);
      return;
    }
    this.#refused.set(queue, new Set([given]));
    await this.#insist(queue);
  }

  /** A task that is not given out: its execution was stopped before. */
  keepBack(key: string): void {
    this.#keptBack.add(key);
    if (this.#keptBack.size <= mostKeptBack) return;
    for (const oldest of this.#keptBack) {
      this.#keptBack.delete(oldest);
      return;
    }
  }

  /** @returns true when the task with this key is in no queue, and will not be; undefined when the queue has to be asked */
  async withdraw(queue: string, key: string): Promise<true | undefined> {
    if (this.#keptBack.delete(key)) return true;
    if ((await this.#adding.get(key)) === false) return true;
    for (const given of this.#refused.get(queue) ?? []) if (given.key === key) return true;
    return undefined;
  }

  async #enqueue(queue: string, { task, key }: HandedOut): Promise<boolean> {
    const adding = this.#dispatcher.enqueue(queue, task, { dedupe: key });
    this.#keptBack.delete(key);
    this.#adding.set(key, adding);
    try {
      return await adding;
    } finally {
      this.#adding.delete(key);
    }
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
      let added = false;
      while (!added && given.wanted()) {
        await this.#sleep(pause);
        if (this.#closed) return;
        added = given.wanted() && (await this.#enqueue(queue, given));
        pause = added || !given.wanted() ? 0 : Math.min(Math.max(pause * 2, firstPause), longestPause);
      }
      refused.delete(given);
      if (!added) this.keepBack(given.key);
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
