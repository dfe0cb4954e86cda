import type { Clock } from '@vwmp/core/ports';
import { steadyClock } from '../src/steady-clock.ts';

/** The time that passes, which can be put forward. */
export interface ShiftingClock extends Clock {
  /** @param by - milliseconds; what is due by then comes next */
  shift(by: number): void;
}

export function createShiftingClock(): ShiftingClock {
  let offset = 0;
  const timers = new Map<object, { at: number; callback: () => void; clear: () => void }>();
  const arm = (key: object, at: number, callback: () => void): void => {
    const fire = (): void => {
      timers.delete(key);
      callback();
    };
    timers.set(key, { at, callback, clear: steadyClock.setTimer(at - offset, fire) });
  };
  return {
    now: () => steadyClock.now() + offset,
    setTimer(at, callback) {
      const key = {};
      arm(key, at, callback);
      return () => {
        timers.get(key)?.clear();
        timers.delete(key);
      };
    },
    shift(by) {
      offset += by;
      for (const [key, { at, callback, clear }] of [...timers]) {
        clear();
        arm(key, at, callback);
      }
    },
  };
}
