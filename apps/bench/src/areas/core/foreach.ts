import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ForeachOptions, ForeachReport } from '../../programs/core/foreach.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte } from './probe.ts';

const program = import.meta.resolve('../../programs/core/foreach.ts');

/**
 * How much memory stays with an execution that has ended: no more than a plain program needs that keeps the same
 * outputs and parameters. The budget is 1.1 times that, judged on the heap after gc, where noise is smallest.
 */
export const foreachScenario: Scenario = {
  name: 'foreach',
  title: 'memory of a foreach over 100,000 items',
  about: 'What large results cost beyond the results themselves.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const run = (mode: ForeachOptions['mode'], concurrency: number) => () =>
      runProgram<ForeachReport>(
        core,
        program,
        { mode, items: 100_000, concurrency } satisfies ForeachOptions,
        ['--expose-gc'],
      );
    const samples = await interleave(choose(5, 2), {
      engine: run('engine', 1),
      wide: run('engine', 100),
      plain: run('plain', 1),
    });
    const figure = (
      id: string,
      what: string,
      key: keyof ForeachReport,
      mode: 'engine' | 'wide' = 'engine',
    ): Figure =>
      beside(
        { id, what, unit: key === 'time' ? 'ms' : 'MiB', by: 'ratio' },
        samples[mode].map((report) => report[key] / (key === 'time' ? 1 : mebibyte)),
        {
          what: 'plain loop, same outputs',
          values: samples.plain.map((report) => report[key] / (key === 'time' ? 1 : mebibyte)),
        },
      );
    return [
      figure('foreach.heap', 'heap kept, one item at a time', 'heap'),
      figure('foreach.heap-wide', 'heap kept, 100 at a time', 'heap', 'wide'),
      figure('foreach.rss', 'resident memory kept', 'rss'),
      figure('foreach.peak', 'resident memory at the peak', 'peak'),
      figure('foreach.time', 'time, one item at a time', 'time'),
      figure('foreach.time-wide', 'time, 100 at a time', 'time', 'wide'),
    ];
  },
};
