/** What became of one item. */
export type Outcome<R> = { value: R } | { error: unknown };

/** One item that waits to be written. */
interface Waiting<T, R> {
  item: T;
  resolve(value: R): void;
  reject(error: unknown): void;
}

/** Puts items that arrive while a write is under way together into the next one. */
export interface LogQueue<T, R> {
  /** Resolves once the item was written. */
  add(key: string, item: T): Promise<R>;
}

/** No line becomes longer than so many items make it. */
const groupSize = 256;

/**
 * Makes a queue that writes one group at a time for each key. One slow fsync thereby serves everything that
 * came meanwhile.
 *
 * @param write - writes a group and says what became of each item
 */
export function createLogQueue<T, R = void>(
  write: (key: string, group: readonly T[]) => Promise<readonly Outcome<R>[]>,
): LogQueue<T, R> {
  /** A key is in here as long as it is being written. */
  const queues = new Map<string, Waiting<T, R>[]>();

  const writeGroup = async (key: string, group: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const items = group.map(({ item }) => item);
      const outcomes = await write(key, items);
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index]!;
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const drain = async (key: string, queue: Waiting<T, R>[]): Promise<void> => {
    while (queue.length > 0) await writeGroup(key, queue.splice(0, groupSize));
    queues.delete(key);
  };

  return {
    add: (key, item) =>
      new Promise((resolve, reject) => {
        const waiting = { item, resolve, reject };
        const queue = queues.get(key);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const created = [waiting];
        queues.set(key, created);
        void drain(key, created);
      }),
  };
}
