/** Lets so many things run at a time; the others wait in line. Each has a key, which no other has meanwhile. */
export class Slots<T> {
  readonly #limit: number;
  readonly #start: (item: T) => void;
  readonly #waiting = new Map<string, T>();
  /** Keys in the order in which they came; what was withdrawn is still in it. */
  #line: string[] = [];
  #head = 0;
  #taken = 0;
  #starting = false;

  constructor(limit: number, start: (item: T) => void) {
    this.#limit = limit;
    this.#start = start;
  }

  /** Starts it now or once a slot is free. */
  add(key: string, item: T): void {
    if (this.#taken < this.#limit && !this.#starting) {
      this.#taken++;
      this.#start(item);
    } else {
      this.#waiting.set(key, item);
      this.#line.push(key);
    }
  }

  /** Gives a slot back. What ends at once frees its slot while it is started: a loop, as a long line of those would fill the stack. */
  free(): void {
    this.#taken--;
    if (this.#starting) return;
    this.#starting = true;
    try {
      while (this.#taken < this.#limit && this.#head < this.#line.length) this.#next();
    } finally {
      this.#starting = false;
    }
    if (this.#head < this.#line.length) return;
    this.#line = [];
    this.#head = 0;
  }

  /** True while nothing has a slot or waits for one. */
  get empty(): boolean {
    return this.#taken === 0 && this.#waiting.size === 0;
  }

  /** Takes it out of the line. @returns false when it does not stand there */
  withdraw(key: string): boolean {
    return this.#waiting.delete(key);
  }

  #next(): void {
    const key = this.#line[this.#head++]!;
    const item = this.#waiting.get(key);
    if (item === undefined) return;
    this.#waiting.delete(key);
    this.#taken++;
    this.#start(item);
  }
}
