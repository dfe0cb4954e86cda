/** Runs work with at most so many at a time, the rest in the order of arrival. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Keeps the number of open files small, however much is asked for at once. */
export function createLimit(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
