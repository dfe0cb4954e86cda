import { isOfOneValue } from '../connection/errors.ts';

/** What a batch must not get wrong about the order of things. */
export interface Keys {
  /** What it changes: in a batch nobody else may touch it, nor in another one at the same time. */
  own: readonly string[];
  /** What it adds to: others may do so as well. */
  shared: readonly string[];
}

export interface BatcherOptions<I, O> {
  keysOf(item: I): Keys;
  /**
   * How it is carried out. A batch is of one kind: a transaction costs most by the kinds that are in it.
   *
   * @defaultValue all are of one
   */
  kindOf?(item: I): string;
  /** About how many bytes it takes. */
  sizeOf(item: I): number;
  /** Carries out a batch. The outcome of an item is its result or an error; when it throws, nothing was done. */
  flush(items: readonly I[]): Promise<readonly Outcome<O>[]>;
  /** So many batches are under way at the same time, if there is as much for another one as is under way: two small ones cost twice. */
  parallel: number;
}

export type Outcome<O> = { result: O } | { error: unknown };

/**
 * Gathers what arrives while batches are under way into the next one, so that one commit serves many. Whoever is alone does
 * not wait. What touches the same thing is carried out in the order of arrival; else what there is most of goes first.
 */
export interface Batcher<I, O> {
  add(item: I): Promise<O>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  /** Whatever has not been sent yet is refused. */
  refuse(error: unknown): void;
}

const largest = { items: 128, bytes: 4 * 1024 * 1024 };

/** Among so many that can be carried out a batch is chosen: of a long queue the rest need not be looked at each time. */
const horizon = 4 * largest.items;

/** So long something waits at most while there is more of another kind, in milliseconds. */
const patience = 10;

interface Entry<I, O> {
  item: I;
  keys: Keys;
  kind: string;
  /** When it came, in milliseconds. */
  since: number;
  resolve(result: O): void;
  reject(error: unknown): void;
}

export function createBatcher<I, O>({
  keysOf,
  kindOf = () => '',
  sizeOf,
  flush,
  parallel,
}: BatcherOptions<I, O>): Batcher<I, O> {
  let queue: Entry<I, O>[] = [];
  /** Keys of what is under way: -1 owned, else how many share it. */
  const busy = new Map<string, number>();
  const underway = new Set<Promise<void>>();
  /** Items in those. */
  let carried = 0;
  let scheduled = false;

  const mayGo = (): boolean =>
    queue.length > 0 && (underway.size === 0 || (underway.size < parallel && queue.length >= carried));

  const schedule = (): void => {
    if (scheduled || !mayGo()) return;
    scheduled = true;
    // After all that goes on in this turn of the loop: whoever was told of the last batch comes back with more.
    setImmediate(() => {
      scheduled = false;
      while (mayGo()) {
        const batch = cut();
        if (batch.length === 0) return;
        carried += batch.length;
        const work: Promise<void> = carryOut(batch).finally(() => {
          underway.delete(work);
          carried -= batch.length;
          schedule();
        });
        underway.add(work);
      }
    });
  };

  const isFree = ({ own, shared }: Keys): boolean =>
    own.every((key) => !busy.has(key)) && shared.every((key) => (busy.get(key) ?? 1) > 0);

  /** The kind of which there is most to carry out now, unless the first one has waited for too long. */
  const nextKind = (): string | undefined => {
    const counts = new Map<string, number>();
    /** What those before touch: of which kind alone, or undefined when it waits for them. */
    const touched = new Map<string, string | undefined>();
    let seen = 0;
    for (const { keys, kind, since } of queue) {
      const { own, shared } = keys;
      const goes =
        isFree(keys) &&
        !own.some((key) => touched.has(key)) &&
        shared.every((key) => !touched.has(key) || touched.get(key) === kind);
      for (const key of own) touched.set(key, undefined);
      for (const key of shared) touched.set(key, goes ? kind : undefined);
      if (!goes) continue;
      if (seen === 0 && performance.now() - since > patience) return kind;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (++seen === horizon) break;
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most?.[0];
  };

  /** Takes what can be carried out now, in order; what touches something that waits or is under way waits, and so does what comes after it. */
  const cut = (): Entry<I, O>[] => {
    const batch: Entry<I, O>[] = [];
    let left: Entry<I, O>[] = [];
    const held = new Set<string>();
    const kind = nextKind();
    let bytes = 0;
    let passed = 0;
    for (const [index, entry] of queue.entries()) {
      if (batch.length === largest.items || passed === horizon) {
        left = left.concat(queue.slice(index));
        break;
      }
      const { own, shared } = entry.keys;
      const free = isFree(entry.keys) && ![...own, ...shared].some((key) => held.has(key));
      const goes = free && entry.kind === kind;
      const size = goes ? sizeOf(entry.item) : 0;
      if (goes && (batch.length === 0 || bytes + size <= largest.bytes)) {
        batch.push(entry);
        bytes += size;
        for (const key of own) busy.set(key, -1);
        for (const key of shared) busy.set(key, (busy.get(key) ?? 0) + 1);
      } else {
        if (free) passed++;
        left.push(entry);
        for (const key of own) held.add(key);
        for (const key of shared) held.add(key);
      }
    }
    queue = left;
    return batch;
  };

  const carryOut = async (batch: readonly Entry<I, O>[]): Promise<void> => {
    const outcomes = await outcomesOf(batch.map(({ item }) => item));
    for (const [index, { keys, resolve, reject }] of batch.entries()) {
      release(keys);
      const outcome = outcomes[index]!;
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.result);
    }
  };

  const outcomesOf = async (items: readonly I[]): Promise<readonly Outcome<O>[]> => {
    try {
      return await flush(items);
    } catch (error) {
      if (items.length === 1 || !isOfOneValue(error)) return items.map(() => ({ error }));
    }
    // What one brings must not keep the others from being stored.
    const outcomes: Outcome<O>[] = [];
    for (const item of items) outcomes.push(...(await outcomesOf([item])));
    return outcomes;
  };

  const release = ({ own, shared }: Keys): void => {
    for (const key of own) busy.delete(key);
    for (const key of shared) {
      const rest = busy.get(key)! - 1;
      if (rest > 0) busy.set(key, rest);
      else busy.delete(key);
    }
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const since = performance.now();
        queue.push({ item, keys: keysOf(item), kind: kindOf(item), since, resolve, reject });
        schedule();
      }),
    async settled() {
      while (underway.size > 0) await Promise.all(underway);
    },
    refuse(error) {
      for (const { reject } of queue.splice(0)) reject(error);
    },
  };
}
