import { interleave } from '../measure/interleave.ts';
import { summarize } from '../measure/statistics.ts';
import { compare, worst } from './decide.ts';
import type { Installed } from './installed.ts';
import { type Measurement, type Metric, measurements } from './metrics.ts';
import { prepare, type Sample } from './programs.ts';
import type { MetricResult } from './result.ts';
import { ruleOf } from './rules.ts';

/** What was found of each figure, and what could not be compared. */
export interface Measured {
  metrics: MetricResult[];
  notCompared: { what: string; why: string }[];
}

/**
 * Runs every program on both trees in turns, until all its figures are decided.
 *
 * @param onResult - told of each figure as soon as it is decided
 * @param only - ids of figures: a program is run when it shows one of them, and until those are decided
 */
export async function measureBoth(
  base: Installed,
  head: Installed,
  onResult: (result: MetricResult) => void = () => undefined,
  only?: readonly string[],
): Promise<Measured> {
  prepare(base);
  prepare(head);
  const measured: Measured = { metrics: [], notCompared: [] };
  for (const each of measurements) {
    const metrics = each.metrics.filter(({ id }) => !only || only.includes(id));
    if (metrics.length === 0) continue;
    const { program } = each;
    // The first run fills caches, and shows whether the base has what the program uses.
    await program(head);
    const why = await program(base).then(() => undefined, describe);
    if (why !== undefined) {
      measured.notCompared.push(...metrics.map(({ what }) => ({ what, why })));
      continue;
    }
    for (const result of await measureOne({ ...each, metrics }, base, head)) {
      measured.metrics.push(result);
      onResult(result);
    }
  }
  return measured;
}

/** All rounds of one program. */
export async function measureOne(
  measurement: Measurement,
  base: Installed,
  head: Installed,
): Promise<MetricResult[]> {
  const { program, metrics, looks } = measurement;
  const samples: Record<'base' | 'head', Sample[]> = { base: [], head: [] };
  for (const [i, look] of looks.entries()) {
    const more = await interleave(look - samples.base.length, {
      base: () => program(base),
      head: () => program(head),
    });
    samples.base.push(...more.base);
    samples.head.push(...more.head);
    const isLast = i === looks.length - 1;
    const results = metrics.map((metric) => resultOf(metric, measurement, samples, isLast));
    if (isLast || results.every(({ compared }) => worst(compared) !== 'undecided')) return results;
  }
  return [];
}

function resultOf(
  metric: Metric,
  measurement: Measurement,
  samples: Record<'base' | 'head', readonly Sample[]>,
  isLast: boolean,
): MetricResult {
  const [base, head] = (['base', 'head'] as const).map((side) =>
    samples[side].map((sample) => sample[metric.key]!),
  ) as [number[], number[]];
  // What is only shown needs no more than its figures.
  const isJudged = metric.kind !== 'compared';
  const compared = compare(base, head, ruleOf(metric, measurement), isLast || !isJudged);
  return {
    ...metric,
    base: summarize(base),
    head: summarize(head),
    samples: { base, head },
    compared,
    verdict: isJudged && worst(compared) === 'worse' ? 'worse' : 'same',
  };
}

/** The line of an error that says what went wrong. */
function describe(error: unknown): string {
  const lines = String(error).split('\n');
  return lines.find((line) => /Error: /.test(line.slice(7))) ?? lines[0]!;
}
