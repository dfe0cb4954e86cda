export interface LineOptions {
  /** So many places there are. */
  readonly most: number;
  /** How many are taken. */
  taken(): number;
}

/** Where those wait for whom there is no place, the first one first. */
export class Line {
  readonly #options: LineOptions;
  readonly #waiting: (() => void)[] = [];
  /** Told that there is a place, and not there yet. */
  #called = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Whether there is a place for one that comes now: not while others wait. */
  get hasRoom(): boolean {
    return this.#waiting.length === 0 && this.#taken < this.#options.most;
  }

  /** Resolves when there is a place. It is kept until whoever waited has come for it: see {@link enter}. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Comes after {@link wait}: what is taken from now on counts by itself. */
  enter(): void {
    this.#called--;
  }

  /** To be told whenever a place becomes free. */
  move(): void {
    while (this.#waiting.length > 0 && this.#taken < this.#options.most) this.#call();
  }

  /** Lets everyone go on. */
  dissolve(): void {
    while (this.#waiting.length > 0) this.#call();
  }

  get #taken(): number {
    return this.#options.taken() + this.#called;
  }

  #call(): void {
    this.#called++;
    this.#waiting.shift()!();
  }
}
