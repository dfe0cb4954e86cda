import { VwmpError } from '../../errors.ts';
import { createLimit } from './limit.ts';
import { withLock } from './lock.ts';

/**
 * Runs one piece of work at a time over all processes. `check` is to be called right before what cannot be taken back.
 */
export type Exclusive = <T>(work: (check: () => Promise<void>) => Promise<T>) => Promise<T>;

/** @param path - of the lock. Within the process a queue does; only the first in it asks for the file. */
export function createExclusive(path: string): Exclusive {
  const inTurn = createLimit(1);
  return (work) =>
    inTurn(() =>
      withLock(path, (lock) =>
        work(async () => {
          if (await lock.stillHeld()) return;
          throw new VwmpError('STORE_UNAVAILABLE', `It took too long to hold ${path}. Try again.`);
        }),
      ),
    );
}
