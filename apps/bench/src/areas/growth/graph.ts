import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { GraphOptions, GraphReport } from '../../programs/growth/graph.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { withServers } from '../durable/servers.ts';

const program = import.meta.resolve('../../programs/growth/graph.ts');
const larger = [100, 1000, 10_000] as const;

/** A step of a large graph costs what one of a small graph costs. */
export const graphScenario: Scenario = {
  name: 'graph',
  title: 'durable executions of graphs of 10 to 10,000 steps, in rows of ten (SQLite)',
  measure: ({ core, choose }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const run = (steps: number) => () => {
        const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') };
        const options: GraphOptions = { environment, steps, milliseconds: choose(3000, 500) };
        return runProgram<GraphReport>(core, program, options, ['--expose-gc']);
      };
      const samples = await interleave(choose(5, 1), {
        s10: run(10),
        s100: run(100),
        s1000: run(1000),
        s10000: run(10_000),
      });
      const small = { what: 'in one of 10', values: samples.s10.map(({ cpu }) => cpu) };
      const figures = larger.map((steps) =>
        beside(
          {
            ...{ id: `growth.graph.${steps}`, unit: 'ms', by: 'ratio' },
            what: `CPU time for a step of a graph of ${steps.toLocaleString('en')}`,
          },
          samples[`s${steps}`].map(({ cpu }) => cpu),
          small,
        ),
      );
      const what = 'heap while one of 10,000 steps runs, garbage included, at most';
      const heap = samples.s10000.map((each) => each.heap / mebibyte);
      return [...figures, plain({ id: 'growth.graph.heap', what, unit: 'MiB' }, heap)];
    }),
};
