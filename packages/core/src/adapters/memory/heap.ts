/** A binary heap: the entry with the least `due` comes out first, equal ones in the order of `order`. */
export interface Heap<T> {
  readonly size: number;
  push(entry: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** Drops every entry that `keep` does not want, in one go. */
  filter(keep: (entry: T) => boolean): void;
}

/** What a heap orders by. */
export interface Ranked {
  due: number;
  order: number;
}

/** Makes an empty heap. */
export function createHeap<T extends Ranked>(): Heap<T> {
  let entries: T[] = [];

  const before = (a: T, b: T): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

  const rise = (start: number): void => {
    const entry = entries[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, entries[parent]!)) break;
      entries[index] = entries[parent]!;
      index = parent;
    }
    entries[index] = entry;
  };

  const sink = (start: number): void => {
    const entry = entries[start]!;
    let index = start;
    for (let child = 2 * index + 1; child < entries.length; child = 2 * index + 1) {
      if (child + 1 < entries.length && before(entries[child + 1]!, entries[child]!)) child++;
      if (!before(entries[child]!, entry)) break;
      entries[index] = entries[child]!;
      index = child;
    }
    entries[index] = entry;
  };

  return {
    get size() {
      return entries.length;
    },
    push(entry) {
      entries.push(entry);
      rise(entries.length - 1);
    },
    peek: () => entries[0],
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (entries.length > 0) {
        entries[0] = last!;
        sink(0);
      }
      return first;
    },
    filter(keep) {
      entries = entries.filter(keep);
      for (let index = (entries.length >> 1) - 1; index >= 0; index--) sink(index);
    },
  };
}
