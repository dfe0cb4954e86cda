import type { Clock } from '../ports/clock.ts';

/** In milliseconds. */
const lingerFor = 50;

/** Says how long to hold on to an execution after a message: where a crowd of them comes, taking it up for each would cost the square. */
export class Linger {
  readonly #clock: Clock;
  readonly #over: () => void;
  #until = Number.NEGATIVE_INFINITY;
  #armed = false;

  /** @param over - told when it may be time to let go */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** A message has come. */
  heard(): void {
    this.#until = this.#clock.now() + lingerFor;
  }

  /** True while another message may be near; then it tells when that is over. */
  get lasts(): boolean {
    const left = this.#until - this.#clock.now();
    if (left <= 0 || left > lingerFor) return false;
    if (!this.#armed) {
      this.#armed = true;
      this.#clock.setTimer(this.#until, () => {
        this.#armed = false;
        this.#over();
      });
    }
    return true;
  }
}
