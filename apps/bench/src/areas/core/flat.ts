import type { Figure } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import { fitLine } from '../../measure/statistics.ts';
import type { FlatOptions, FlatReport } from '../../programs/core/flat.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/core/flat.ts');

/**
 * What 10,000 executions leave behind, by a straight line through samples after gc: its slope and the 95% interval
 * of it. The smallest object takes 16 bytes, so a leak of one per execution would be 156 KiB: the budget lies below
 * that, and is missed when all of the interval is above it. The warm-up is long because growth says nothing before
 * bounded caches are full and V8 has compiled what it wants to, which takes some 5,000 documents.
 */
export const flatScenario: Scenario = {
  name: 'flat',
  title: 'memory over 10,000 executions',
  about:
    'Whether anything of a finished execution stays in memory: a program that runs for months must not grow.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const run = (kind: FlatOptions['kind'], executions: number) =>
      runProgram<FlatReport>(
        core,
        program,
        { kind, warmUp: choose(5000, 500), executions, samples: choose(25, 10) } satisfies FlatOptions,
        ['--expose-gc'],
      );
    const loaded = await run('loaded', choose(10_000, 2000));
    const fresh = await run('new-documents', choose(10_000, 500));
    return [
      growth('flat.heap', 'one workflow: heap per 10,000', loaded, 'heap'),
      growth('flat.rss', 'one workflow: resident memory per 10,000', loaded, 'rss'),
      growth('flat.heap-documents', 'a new document each: heap per 10,000', fresh, 'heap'),
      growth('flat.rss-documents', 'a new document each: resident memory', fresh, 'rss'),
    ];
  },
};

function growth(id: string, what: string, { points }: FlatReport, key: 'heap' | 'rss'): Figure {
  const { slope, margin } = fitLine(points.map((point) => [point.executions, point[key]]));
  const [median, low, high] = [slope, slope - margin, slope + margin].map(
    (bytes) => (bytes * 10_000) / 1024,
  ) as [number, number, number];
  const first = points[0]![key] / 1024 / 1024;
  const last = points.at(-1)![key] / 1024 / 1024;
  return {
    id,
    what,
    unit: 'KiB',
    measured: { median, low, high, min: low, max: high, samples: points.length },
    judged: 'measured',
    note: `${first.toFixed(2)} MiB at first, ${last.toFixed(2)} after ${points.at(-1)!.executions}; range is the 95% interval`,
  };
}
