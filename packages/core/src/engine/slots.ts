/** Lets so many things run at a time; the others wait in line. */
export class Slots<T> {
  readonly #limit: number;
  readonly #start: (item: T) => void;
  #line: T[] = [];
  #head = 0;
  #taken = 0;

  constructor(limit: number, start: (item: T) => void) {
    this.#limit = limit;
    this.#start = start;
  }

  /** Starts it now or once a slot is free. */
  add(item: T): void {
    if (this.#taken < this.#limit) {
      this.#taken++;
      this.#start(item);
    } else {
      this.#line.push(item);
    }
  }

  /** Gives a slot back. */
  free(): void {
    if (this.#head < this.#line.length) {
      const next = this.#line[this.#head]!;
      this.#head++;
      if (this.#head === this.#line.length) {
        this.#line = [];
        this.#head = 0;
      }
      this.#start(next);
    } else {
      this.#taken--;
    }
  }

  /** Takes everything that matches out of the line. */
  withdraw(matches: (item: T) => boolean): T[] {
    const waiting = this.#line.slice(this.#head);
    this.#line = waiting.filter((item) => !matches(item));
    this.#head = 0;
    return waiting.filter(matches);
  }
}
