import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ParkedOptions, ParkedReport } from '../../programs/growth/parked.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { withServers } from '../durable/servers.ts';
import { slope } from './slope.ts';

const program = import.meta.resolve('../../programs/growth/parked.ts');

/** An execution that waits holds no memory: the heap is the same however many there are. */
export const parkedScenario: Scenario = {
  name: 'parked',
  title: 'memory of a process with 100,000 executions that wait for a signal (SQLite)',
  measure: ({ core, choose }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const options: ParkedOptions = {
        environment: { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') },
        executions: choose(100_000, 10_000),
        samples: 20,
      };
      const { points } = await runProgram<ParkedReport>(core, program, options, ['--expose-gc']);
      const last = points.at(-1)!;
      return [
        slope(
          { id: 'growth.parked.heap', what: 'heap for each parked execution' },
          points.map(({ parked, heap }) => [parked, heap] as const),
        ),
        plain(
          { id: 'growth.parked.rss', what: `resident with ${last.parked.toLocaleString('en')}`, unit: 'MiB' },
          [last.rss / mebibyte],
        ),
      ];
    }),
};
