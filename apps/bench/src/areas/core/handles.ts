import { type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import { fitLine } from '../../measure/statistics.ts';
import type { HandlesOptions, HandlesReport } from '../../programs/core/handles.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/core/handles.ts');

/** An engine inside somebody's program must leave nothing behind; the program also has to end by itself after it. */
export const handlesScenario: Scenario = {
  name: 'handles',
  title: 'two engines, made and closed 100 times',
  about: 'Whether an engine that was closed leaves timers, listeners or memory in the program that used it.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const { runs } = await interleave(choose(3, 1), {
      runs: () =>
        runProgram<HandlesReport>(
          core,
          program,
          { warmUp: choose(600, 200), pairs: 100 } satisfies HandlesOptions,
          ['--expose-gc'],
        ),
    });
    const left = [...new Set(runs.flatMap((run) => run.left))].join(', ');
    return [
      plain(
        {
          id: 'handles.resources',
          what: 'handles and timers left',
          unit: 'count',
          note: left ? `in the process: ${left}` : undefined,
        },
        runs.map((run) => run.resources),
      ),
      plain(
        { id: 'handles.listeners', what: 'listeners left', unit: 'count' },
        runs.map((run) => run.listeners),
      ),
      plain(
        { id: 'handles.heap', what: 'heap left per pair of engines', unit: 'bytes' },
        runs.map(({ points }) => fitLine(points).slope),
      ),
    ];
  },
};
