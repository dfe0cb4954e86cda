import type { Rule } from './decide.ts';
import { type Measurement, type Metric, measurements } from './metrics.ts';

/** More than this against the base is a regression. */
export const limit = 1.1;

/** How often a check of equal trees may fail: once in so many. */
const oncePer = 500;

/** What nobody notices, whatever share of a small figure it is. */
const floors: Record<string, number> = { ms: 1, MiB: 0.25, µs: 0.5 };

/** Nothing that grew by less than this is a regression; a line in the README of a package of 6 KB is none. */
export const artifactFloor = 1024;

/**
 * What is judged of each kind. Of times, the fifth of samples that other work disturbed least: on a busy machine the
 * median moves three times as much from run to run (measured: ±3 % and ±9 % of 40 starts at a load of 4), and what makes the code
 * slower makes the least disturbed runs slower too. Of cold starts also the 95th percentile, which is what users complain about.
 */
const quantiles: Record<Metric['kind'], readonly number[]> = {
  'cold start': [0.95, 0.2],
  memory: [0.5],
  'CPU per action': [0.2],
  compared: [0.5],
};

/**
 * The error that is allowed is divided among all looks at all figures (Bonferroni's correction), so that looking again
 * and again, at many figures, does not find a regression by chance.
 */
export function ruleOf({ kind, unit }: Metric, { looks }: Pick<Measurement, 'looks'>): Rule {
  const judged = measurements.flatMap(({ metrics }) => metrics).filter((each) => each.kind !== 'compared');
  const tests = judged.reduce((sum, each) => sum + quantiles[each.kind].length, 0);
  // Each look tests twice: against the limit, and at last against no change.
  const alpha = 1 / oncePer / tests / (looks.length + 1);
  return { quantiles: quantiles[kind], limit, floor: floors[unit] ?? 0, alpha };
}
