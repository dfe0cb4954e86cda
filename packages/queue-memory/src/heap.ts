/** What a {@link Heap} keeps. It is in one heap at a time. */
export interface HeapEntry {
  /** Where it is in its heap, kept by the heap; -1 when it is in none. */
  slot: number;
}

/** A binary heap that can also give up an entry in the middle. All but `peek` and `size` take O(log n). */
export class Heap<T extends HeapEntry> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #entries: T[] = [];

  /** @param before - whether `a` comes out before `b` */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#entries.length;
  }

  peek(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  pop(): T | undefined {
    const first = this.#entries[0];
    if (first) this.remove(first);
    return first;
  }

  remove(entry: T): void {
    const { slot } = entry;
    const last = this.#entries.pop()!;
    entry.slot = -1;
    if (last === entry) return;
    this.#rise(last, slot);
    if (last.slot === slot) this.#sink(last, slot);
  }

  #rise(entry: T, start: number): void {
    let slot = start;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!this.#before(entry, this.#entries[parent]!)) break;
      this.#place(this.#entries[parent]!, slot);
      slot = parent;
    }
    this.#place(entry, slot);
  }

  #sink(entry: T, start: number): void {
    const entries = this.#entries;
    let slot = start;
    for (let child = 2 * slot + 1; child < entries.length; child = 2 * slot + 1) {
      if (child + 1 < entries.length && this.#before(entries[child + 1]!, entries[child]!)) child++;
      if (!this.#before(entries[child]!, entry)) break;
      this.#place(entries[child]!, slot);
      slot = child;
    }
    this.#place(entry, slot);
  }

  #place(entry: T, slot: number): void {
    this.#entries[slot] = entry;
    entry.slot = slot;
  }
}
