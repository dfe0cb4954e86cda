import { isBusy } from './errors.ts';
import { now } from './now.ts';

/** Before the first retry, in milliseconds; it doubles up to the longest. */
const shortest = 1;
const longest = 40;

/**
 * Runs `work` again for as long as another connection has the lock. Between two tries others of this process get their turn;
 * chance keeps processes from trying in step.
 *
 * @param patience - in milliseconds; what SQLite says then is thrown
 */
export async function retryBusy<T>(work: () => T, patience: number): Promise<T> {
  let end: number | undefined;
  for (let pause = shortest; ; pause = Math.min(pause * 2, longest)) {
    try {
      return work();
    } catch (error) {
      const at = now();
      end ??= at + patience;
      if (!isBusy(error) || at >= end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}
