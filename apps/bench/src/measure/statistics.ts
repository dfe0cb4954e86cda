/** What several samples of one quantity come to. */
export interface Summary {
  median: number;
  min: number;
  max: number;
  /** Lower bound of what the median may really be: the lower quartile, unless said otherwise. */
  low: number;
  /** Upper bound: the upper quartile, unless said otherwise. */
  high: number;
  samples: number;
}

/**
 * Medians and quartiles, not means: on a machine that others use, the slow tail says more about the others.
 *
 * @throws RangeError without samples
 */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('There are no samples to summarize.');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    min: sorted[0]!,
    max: sorted.at(-1)!,
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}

/** @param sorted - ascending, not empty @param q - from 0 to 1; between two samples it is interpolated */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

/** Compares sample by sample what was measured in the same round, so that load which comes and goes cancels out. */
export function pairwise(a: readonly number[], b: readonly number[], by: 'difference' | 'ratio'): number[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} samples cannot be paired with ${b.length}.`);
  return a.map((value, i) => (by === 'difference' ? value - b[i]! : value / b[i]!));
}

/** A straight line through points, with the half width of the slope's 95% confidence interval. */
export interface Line {
  slope: number;
  intercept: number;
  margin: number;
}

/**
 * Least squares. The margin takes 2 standard errors, which is the 95% interval from some 20 points on.
 *
 * @throws RangeError for less than three points
 */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const n = points.length;
  if (n < 3) throw new RangeError(`A line through ${n} points says nothing about its error.`);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  const slope = xy / xx;
  const intercept = meanY - slope * meanX;
  const residual = points.reduce((sum, [x, y]) => sum + (y - intercept - slope * x) ** 2, 0);
  return { slope, intercept, margin: 2 * Math.sqrt(residual / (n - 2) / xx) };
}
