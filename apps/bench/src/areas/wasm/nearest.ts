import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import { summarize } from '../../measure/statistics.ts';
import type { NearestOptions, NearestReport } from '../../programs/wasm/nearest.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/wasm/nearest.ts');
const sizes = [3, 10, 30, 100, 300, 1_000];

/** The example `examples/wasm` in WebAssembly (SIMD, in a thread) and in JavaScript, for more and more vectors. */
export const nearestScenario: Scenario = {
  name: 'nearest',
  title: 'for each of N vectors of 256 numbers the one most like it, as a step',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const run = (count: number) => () =>
      runProgram<NearestReport>(core, program, {
        count,
        milliseconds: choose(1_000, 300),
      } satisfies NearestOptions);
    const samples = await interleave(
      choose(5, 3),
      Object.fromEntries(sizes.map((count) => [String(count), run(count)])),
    );
    const bySize = sizes.map((count) => ({ count, reports: samples[String(count)]! }));
    return [
      plain(
        {
          id: 'wasm.first',
          what: 'the first call, of 3 vectors',
          unit: 'ms',
          note: 'loads, compiles, starts a thread',
        },
        bySize[0]!.reports.map(({ first }) => first),
      ),
      ...bySize.map(({ count, reports }) =>
        beside(
          {
            id: `wasm.nearest.${count}`,
            what: `${count.toLocaleString('en')} vectors in WebAssembly`,
            unit: 'ms',
            by: 'ratio',
            note: describe(count, reports),
          },
          reports.map(({ wasm }) => wasm),
          { what: 'the same in JavaScript', values: reports.map(({ js }) => js) },
        ),
      ),
      plain(
        { id: 'wasm.break-even', what: 'vectors from which on WebAssembly is faster', unit: 'count' },
        samples[String(sizes[0])]!.map((_, round) =>
          breakEven(bySize.map(({ count, reports }) => ({ count, ...reports[round]! }))),
        ),
      ),
    ];
  },
};

/** Throughput of both, and what the work itself takes. */
function describe(count: number, reports: readonly NearestReport[]): string {
  const [wasm, js, bare] = (['wasm', 'js', 'bare'] as const).map(
    (name) => summarize(reports.map((each) => each[name])).median,
  );
  const rate = (ms: number): string => Math.round((count * 1000) / ms).toLocaleString('en');
  return `${rate(wasm!)} vectors/s, JavaScript ${rate(js!)}; without thread and step ${bare!.toFixed(3)} ms`;
}

/** Between the last size at which JavaScript is faster and the next: on the line between their logarithms. */
function breakEven(points: readonly (NearestReport & { count: number })[]): number {
  const gain = ({ wasm, js }: NearestReport): number => Math.log(js / wasm);
  const last = points.findLastIndex((point) => gain(point) < 0);
  const [from, to] = [points[last], points[last + 1]];
  if (!from) return points[0]!.count;
  if (!to) throw new Error('JavaScript was faster at every size.');
  const share = -gain(from) / (gain(to) - gain(from));
  return Math.round(Math.exp(Math.log(from.count) + share * Math.log(to.count / from.count)));
}
