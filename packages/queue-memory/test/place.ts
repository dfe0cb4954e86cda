import type { QueuePlace } from '@vwmp/adapter-tests';
import type { QueueBackend } from '@vwmp/core/ports';
import { createMemoryQueue, type MemoryQueueOptions } from '../src/index.ts';
import { createShiftingClock } from './shifting-clock.ts';

/** Queues whose time can run out. */
export function memoryPlace(
  options: MemoryQueueOptions = {},
  breakIt: (queue: QueueBackend) => Partial<QueueBackend> = () => ({}),
): QueuePlace {
  const clock = createShiftingClock();
  const visibility = 3_600_000;
  return {
    make() {
      const queue = createMemoryQueue({ visibility, clock, ...options });
      return { ...queue, ...breakIt(queue) };
    },
    async expire() {
      clock.shift(visibility);
      // The timers that are due now come before this one.
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}
