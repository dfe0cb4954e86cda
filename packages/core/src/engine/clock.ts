import type { Clock } from '../ports/clock.ts';

/** The longest that setTimeout can wait: 2^31 − 1 ms, about 24.8 days. */
const longest = 2_147_483_647;
/**
 * So often a time of day is looked for, in milliseconds: setTimeout counts neither what a machine slept nor what its clock was set by. All
 * timers look at the same moments, so that thousands wake a process as often as one.
 */
const lookAgain = 30_000;

/** The clock of the machine that it runs on. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, callback, { background = false, elapsed = false } = {}) {
    let handle: ReturnType<typeof setTimeout>;
    let left = at - Date.now();
    const arm = (): void => {
      // setTimeout may fire a millisecond early and cannot wait longer than `longest`.
      const wait = Math.min(Math.max(0, left), elapsed ? longest : lookAgain - (Date.now() % lookAgain));
      handle = setTimeout(() => {
        left = elapsed ? left - wait : at - Date.now();
        if (left > 0) arm();
        else callback();
      }, wait);
      // A number in browsers, where nothing is kept alive.
      if (background) handle.unref?.();
    };
    arm();
    return () => clearTimeout(handle);
  },
};
