import type { Clock } from '@vwmp/core/ports';

/** The longest that setTimeout can wait, in milliseconds. */
const longest = 2_147_483_647;

// Not the global `performance`: reading that makes Node load 1 MiB.
const now = (): number => process.uptime() * 1000;

/**
 * The time that passes in this process, in milliseconds since it began: setting the clock of the machine neither holds up what
 * waits nor has it happen early. As long as something waits for a time, the process goes on.
 */
export const steadyClock: Clock = {
  now,
  setTimer(at, callback) {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const left = Math.min(Math.max(at - now(), 0), longest);
      // setTimeout may fire a millisecond early.
      handle = setTimeout(() => (now() < at ? arm() : callback()), left);
    };
    arm();
    return () => clearTimeout(handle);
  },
};
