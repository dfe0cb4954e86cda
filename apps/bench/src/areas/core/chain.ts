import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import { summarize } from '../../measure/statistics.ts';
import type { ChainOptions, ChainReport } from '../../programs/core/chain.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/core/chain.ts');
const titles = {
  constants: '100 core.set, constants',
  expressions: '100 core.set, each ${steps.before.output + 1}',
  observed: 'the same with an observer of every event',
};

/** Steps per second, one execution after the other, in memory. */
export const chainScenario: Scenario = {
  name: 'chain',
  title: 'steps per second through a chain of 100',
  about: 'How much the engine itself adds to each step, and so to workflows of many small ones.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const run = (variant: ChainOptions['variant']) => () =>
      runProgram<ChainReport>(core, program, {
        variant,
        steps: 100,
        warmUp: choose(1000, 400),
        milliseconds: choose(2000, 500),
      } satisfies ChainOptions);
    const samples = await interleave(choose(5, 3), {
      constants: run('constants'),
      expressions: run('expressions'),
      observed: run('observed'),
    });
    return Object.entries(samples).map(([variant, reports]) =>
      beside(
        {
          id: `chain.${variant}`,
          what: titles[variant as ChainOptions['variant']],
          unit: 'steps/s',
          by: 'ratio',
          judged: 'measured',
          note: perCpuSecond(reports),
        },
        reports.map(({ engine }) => engine.wall),
        { what: 'async functions, awaited one by one', values: reports.map(({ raw }) => raw.wall) },
      ),
    );
  },
};

/** Beside the wall clock, since a core that is shared with others halves the one and not the other. */
function perCpuSecond(reports: readonly ChainReport[]): string {
  const { median, min, max } = summarize(reports.map(({ engine }) => engine.cpu));
  const [a, b, c] = [median, min, max].map((value) => Math.round(value).toLocaleString('en'));
  return `${a} (${b} to ${c}) per second of CPU`;
}
