import type { Clock } from '../ports/clock.ts';

/** In milliseconds. */
const lingerFor = 50;

/** Says how long to hold on to an execution in which nothing runs: letting go of it and taking it up again cost more than a moment. */
export class Linger {
  readonly #clock: Clock;
  readonly #over: () => void;
  #until = Number.NEGATIVE_INFINITY;
  #armed: number | undefined;

  /** @param over - told when it may be time to let go */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** A message has come. */
  heard(): void {
    this.#until = this.#clock.now() + lingerFor;
  }

  /** True while another message may be near: where a crowd of them comes, taking it up for each would cost the square. */
  get lasts(): boolean {
    return this.#isWithin(this.#until, lingerFor);
  }

  /** True for so long after something began. @param begun - in milliseconds since 1970 @param span - in milliseconds */
  lastsFrom(begun: number, span: number): boolean {
    return this.#isWithin(begun + span, span);
  }

  /** While that is so, it tells when it is over. */
  #isWithin(until: number, span: number): boolean {
    const left = until - this.#clock.now();
    if (!(left > 0 && left <= span)) return false;
    if (this.#armed === undefined || until < this.#armed) {
      this.#armed = until;
      this.#clock.setTimer(
        until,
        () => {
          if (this.#armed === until) this.#armed = undefined;
          this.#over();
        },
        { elapsed: true },
      );
    }
    return true;
  }
}
