import type { Figure } from '../../figure.ts';
import { fitLine } from '../../measure/statistics.ts';

/**
 * How much each execution leaves behind, in bytes, with its 95% confidence interval: what lies within noise of zero is no growth.
 *
 * @param points - executions and bytes
 */
export function slope(
  base: Pick<Figure, 'id' | 'what'>,
  points: readonly (readonly [executions: number, bytes: number])[],
): Figure {
  const line = fitLine(points);
  const [first, last] = [points[0]!, points.at(-1)!].map(([, bytes]) => (bytes / 1024 / 1024).toFixed(1));
  const [low, high] = [line.slope - line.margin, line.slope + line.margin];
  return {
    ...base,
    unit: 'bytes',
    note: `${first} MiB at first, ${last} after ${points.at(-1)![0].toLocaleString('en')}; the range is the 95% interval`,
    measured: { median: line.slope, min: low, max: high, low, high, samples: points.length },
    judged: 'measured',
  };
}
