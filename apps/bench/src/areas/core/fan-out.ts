import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import { summarize } from '../../measure/statistics.ts';
import type { FanOutReport } from '../../programs/core/fan-out.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/core/fan-out.ts');

/** The first execution of a fresh process counts: a fan-out is rarely run twice. */
export const fanOutScenario: Scenario = {
  name: 'fan-out',
  title: 'one step, 10,000 that read it, one that waits for all of them',
  about: 'Whether very wide workflows are carried out in proportion to their size.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const { fan: runs } = await interleave(choose(7, 3), {
      fan: () => runProgram<FanOutReport>(core, program, { width: 10_000 }),
    });
    const take = (key: keyof FanOutReport): number[] => runs.map((run) => run[key]);
    const raw = { what: 'Promise.all of 10,000 async functions', values: take('raw') };
    const by = 'ratio';
    const cpu = Math.round(summarize(take('cpu')).median);
    return [
      beside(
        {
          id: 'fan-out.execute',
          what: 'execution of a loaded workflow',
          unit: 'ms',
          by,
          judged: 'measured',
          note: `${cpu} ms of CPU`,
        },
        take('execute'),
        raw,
      ),
      plain({ id: 'fan-out.again', what: 'the second time in the same process', unit: 'ms' }, take('again')),
      plain({ id: 'fan-out.load', what: 'reading, validating and compiling it', unit: 'ms' }, take('load')),
      plain(
        { id: 'fan-out.whole', what: 'both together', unit: 'ms' },
        runs.map(({ load, execute }) => load + execute),
      ),
    ];
  },
};
