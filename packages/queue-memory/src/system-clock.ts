import type { Clock } from '@vwmp/core/ports';

/** The longest that setTimeout can wait, in milliseconds. */
const longest = 2_147_483_647;

/** The clock of the machine. As long as something waits for a time, the process goes on. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, callback) {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const left = Math.min(Math.max(at - Date.now(), 0), longest);
      // setTimeout may fire a millisecond early.
      handle = setTimeout(() => (Date.now() < at ? arm() : callback()), left);
    };
    arm();
    return () => clearTimeout(handle);
  },
};
