import { hasCode } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Between two tries, in milliseconds. */
const firstPause = 50;
const longestPause = 5000;

export interface PatienceOptions {
  readonly clock: Clock;
  /** True once it is time to give up. */
  closed(): boolean;
  /** Told once, when it has to wait. */
  waiting?(error: unknown): void;
}

/** True for what passes by itself: the store is away, or somebody makes room. */
export function isPassing(error: unknown): boolean {
  return ['STORE_UNAVAILABLE', 'STORE_FULL', 'INBOX_FULL'].some((code) => hasCode(error, code));
}

/** Tries until the store answers. @throws whatever else it says, and the last error when it is time to give up */
export async function patiently<T>(
  attempt: (again: boolean) => Promise<T>,
  options: PatienceOptions,
): Promise<T> {
  const { clock, closed, waiting } = options;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await attempt(pause > firstPause);
    } catch (error) {
      if (!isPassing(error) || closed()) throw error;
      if (pause === firstPause) waiting?.(error);
    }
    await new Promise<void>((resolve) => {
      clock.setTimer(clock.now() + pause, resolve, { elapsed: true });
    });
  }
}
