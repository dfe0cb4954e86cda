export interface GatherOptions<I, O> {
  /** So much goes together at most. */
  most: { items: number; size: number };
  sizeOf?(item: I): number;
  /** @returns what came of each */
  run(items: readonly I[]): Promise<readonly O[]>;
}

interface Waiting<I, O> {
  item: I;
  resolve(result: O): void;
  reject(error: unknown): void;
}

/** So long something waits for the answer to what was asked before, in milliseconds: whoever is refused is to be so in time. */
const patience = 5;

/**
 * Does together what is asked for in one turn of the event loop, and what is asked for until that is answered: where many tasks begin
 * and end at a time, a call for each takes both sides twice as long as a call for all. Whoever is alone does not wait.
 */
export function gather<I, O>({ most, sizeOf = () => 0, run }: GatherOptions<I, O>): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let underway = 0;
  let timer: NodeJS.Timeout | undefined;

  const carryOut = async (batch: readonly Waiting<I, O>[]): Promise<void> => {
    underway++;
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    underway--;
    if (underway === 0 && waiting.length > 0) schedule();
  };

  /** After all promises that are settled by now have told whoever waits for them. */
  const schedule = (): void => process.nextTick(flush);

  const flush = (): void => {
    clearTimeout(timer);
    if (waiting.length === 0) return;
    const all = waiting;
    waiting = [];
    let batch: Waiting<I, O>[] = [];
    let size = 0;
    for (const each of all) {
      const own = sizeOf(each.item);
      if (batch.length === most.items || (batch.length > 0 && size + own > most.size)) {
        void carryOut(batch);
        batch = [];
        size = 0;
      }
      batch.push(each);
      size += own;
    }
    void carryOut(batch);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        if (underway === 0) schedule();
        else timer = setTimeout(flush, patience);
      }
      waiting.push({ item, resolve, reject });
    });
}
