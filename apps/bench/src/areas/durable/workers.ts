import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { WorkersOptions, WorkersReport } from '../../programs/durable/workers.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { withServers } from './servers.ts';

const program = import.meta.resolve('../../programs/durable/workers.ts');

/** The same load of computing steps on one worker process and on two. */
export const workersScenario: Scenario = {
  name: 'workers',
  title: 'steps that compute for 20 ms, on one and on two workers (PostgreSQL, Redis)',
  about: 'Whether a second worker brings what it should: twice as much.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    return withServers(async (servers) => {
      const { url: redis } = await servers.redis();
      const postgres = await servers.postgres();
      let runs = 0;
      const run = (workers: number) => async () => {
        const name = `workers_${++runs}`;
        const options: WorkersOptions = {
          ...{ part: 'load', workers, executions: choose(300, 60) },
          environment: {
            VWMP_DEPLOYMENT_MODE: 'full',
            VWMP_DATABASE_URL: await postgres.createDatabase(name),
            VWMP_REDIS_URL: redis,
            VWMP_QUEUE_PREFIX: name,
            VWMP_WORKER_CONCURRENCY: '8',
          },
        };
        return runProgram<WorkersReport>(core, program, options);
      };
      const samples = await interleave(choose(3, 1), { one: run(1), two: run(2) });
      return [
        beside(
          { id: 'workers.two', what: 'two workers', unit: 'executions/s', by: 'ratio' },
          samples.two.map(({ rate }) => rate),
          { what: 'one worker', values: samples.one.map(({ rate }) => rate) },
        ),
      ];
    });
  },
};
