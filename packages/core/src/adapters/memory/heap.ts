/** A binary heap: the entry with the least `due` comes out first, equal ones in the order of `order`. */
export interface Heap<T> {
  readonly size: number;
  push(entry: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** Takes an entry out, wherever it stands. Harmless for one that is not in the heap. */
  remove(entry: T): void;
}

/** What a heap orders by. */
export interface Ranked {
  due: number;
  order: number;
  /** Where the heap keeps it; undefined outside. */
  place?: number;
}

/** Makes an empty heap. */
export function createHeap<T extends Ranked>(): Heap<T> {
  const entries: T[] = [];

  const before = (a: T, b: T): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

  const put = (entry: T, index: number): void => {
    entries[index] = entry;
    entry.place = index;
  };

  const rise = (start: number): void => {
    const entry = entries[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, entries[parent]!)) break;
      put(entries[parent]!, index);
      index = parent;
    }
    put(entry, index);
  };

  const sink = (start: number): void => {
    const entry = entries[start]!;
    let index = start;
    for (let child = 2 * index + 1; child < entries.length; child = 2 * index + 1) {
      if (child + 1 < entries.length && before(entries[child + 1]!, entries[child]!)) child++;
      if (!before(entries[child]!, entry)) break;
      put(entries[child]!, index);
      index = child;
    }
    put(entry, index);
  };

  const remove = (entry: T): void => {
    const index = entry.place;
    if (index === undefined || entries[index] !== entry) return;
    entry.place = undefined;
    const last = entries.pop()!;
    if (last === entry) return;
    put(last, index);
    rise(index);
    sink(last.place!);
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
      if (first) remove(first);
      return first;
    },
    remove,
  };
}
