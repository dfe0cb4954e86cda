import type { Clock } from '../ports/clock.ts';

/** The longest that setTimeout can wait: 2^31 − 1 ms, about 24.8 days. */
const longest = 2_147_483_647;

/** The clock of the machine that it runs on. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, callback, { background = false } = {}) {
    let handle: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const left = at - Date.now();
      // setTimeout may fire a millisecond early and cannot wait longer than `longest`.
      handle =
        left > longest
          ? setTimeout(arm, longest)
          : setTimeout(() => (Date.now() < at ? arm() : callback()), Math.max(0, left));
      // A number in browsers, where nothing is kept alive.
      if (background && typeof handle === 'object') handle.unref();
    };
    arm();
    return () => clearTimeout(handle);
  },
};
