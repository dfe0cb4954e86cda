import { beside, type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ParkOptions } from '../../programs/idle/park.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { withServers } from '../durable/servers.ts';
import { heldBy, ownProcesses, type Usage } from '../modes/proc.ts';
import { startWorker } from '../modes/vwmp.ts';
import { perMinute, settle } from './watch.ts';

const program = import.meta.resolve('../../programs/idle/park.ts');

/** A worker of full mode: how much it keeps itself and its servers busy with nothing. */
export const workerScenario: Scenario = {
  name: 'worker',
  title: 'vwmp worker with PostgreSQL, Redis, 100 schedules and 1,000 parked executions, for a minute',
  measure: ({ core, choose }) =>
    withServers(async (servers): Promise<Figure[]> => {
      const environment = {
        VWMP_DEPLOYMENT_MODE: 'full',
        VWMP_DATABASE_URL: await (await servers.postgres()).createDatabase('idle'),
        VWMP_REDIS_URL: (await servers.redis()).url,
      };
      const options: ParkOptions = { environment, schedules: 100, executions: 1000 };
      await runProgram(core, program, options);
      const samples: { usage: Usage; redis: Usage; rss: number }[] = [];
      for (let round = 0; round < choose(3, 1); round++) {
        const worker = await startWorker(core, environment);
        try {
          await settle(worker.pid);
          const [redis] = ownProcesses('redis-server');
          const [usage, its] = await perMinute([worker.pid, redis!], choose(60, 20));
          samples.push({ usage: usage!, redis: its!, rss: heldBy(worker.pid).rss });
        } finally {
          await worker.end();
        }
      }
      const figure = (id: string, what: string, unit: 'count' | 'ms', key: keyof Usage): Figure =>
        beside(
          { id, what, unit, by: 'difference', judged: 'measured' },
          samples.map(({ usage }) => usage[key]),
          { what: 'its Redis in the same minute', values: samples.map(({ redis }) => redis[key]) },
        );
      const values = samples.map(({ rss }) => rss / mebibyte);
      return [
        figure('idle.worker.wakes', 'wake-ups of all threads', 'count', 'wakes'),
        figure('idle.worker.cpu', 'CPU time', 'ms', 'cpu'),
        plain({ id: 'idle.worker.rss', what: 'resident memory', unit: 'MiB' }, values),
      ];
    }),
};
