import { hasCode } from '@vwmp/core';
import type { QueueBackend } from '@vwmp/core/ports';
import { until } from './wait.ts';

/** Tasks that flow through queues all the time. */
export interface Traffic {
  /** So many tasks were added, and Redis said so. */
  acknowledged(): number;
  /** Codes of the refusals. */
  readonly refusals: Set<string>;
  /** Adds some more, stops, and resolves when all that was acknowledged has run. */
  finish(): Promise<void>;
}

/** Adds tasks through the first queue and runs them in all of them. */
export function startTraffic(queues: readonly QueueBackend[]): Traffic {
  const added = new Set<number>();
  const ran = new Set<number>();
  const refusals = new Set<string>();
  const consumers = queues.map((queue) =>
    queue.consume('traffic', { concurrency: 8 }, async ({ payload, attempt }) => {
      const { number } = payload as { number: number };
      // Some need another attempt.
      if (number % 10 === 0 && attempt === 1) throw new Error('on purpose');
      ran.add(number);
      return null;
    }),
  );
  let goOn = true;
  let number = 0;
  const produce = async (): Promise<void> => {
    while (goOn) {
      const mine = number++;
      try {
        const options = { attempts: 5, backoff: 20, priority: mine % 3, delay: mine % 7 === 0 ? 30 : 0 };
        await queues[0]!.enqueue('traffic', { name: 'n', payload: { number: mine } }, options);
        added.add(mine);
      } catch (error) {
        refusals.add((error as { code?: string }).code ?? String(error));
        if (!hasCode(error, 'QUEUE_UNAVAILABLE')) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const producers = [produce(), produce(), produce()];
  return {
    acknowledged: () => added.size,
    refusals,
    async finish() {
      const enough = added.size + 50;
      await until(() => added.size >= enough);
      goOn = false;
      await Promise.all(producers);
      await until(() => [...added].every((each) => ran.has(each)));
      await until(async () => {
        const { waiting, delayed, active } = await queues[0]!.counts('traffic');
        return waiting + delayed + active === 0;
      });
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}
