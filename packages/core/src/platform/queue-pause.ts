import type { Clock } from '../ports/clock.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';

/** So long is waited for a queue that is away, in milliseconds. */
const patience = 1000;

/** Knows whether a queue is paused, for what takes up executions without it. */
export class QueuePause {
  readonly #queue: QueueBackend;
  readonly #name: string;
  readonly #clock: Clock;
  #known = false;

  constructor(queue: QueueBackend, name: string, clock: Clock) {
    this.#queue = queue;
    this.#name = name;
    this.#clock = clock;
  }

  /** True while nothing is to begin. Of a queue that is away: as it was when it last answered. Never rejects. */
  async holds(): Promise<boolean> {
    const late = Promise.withResolvers<void>();
    const clear = this.#clock.setTimer(this.#clock.now() + patience, late.resolve, {
      background: true,
      elapsed: true,
    });
    const asked = this.#queue.counts(this.#name).then(
      ({ paused = false }) => {
        this.#known = paused;
      },
      () => {},
    );
    await Promise.race([asked, late.promise]);
    clear();
    return this.#known;
  }
}
