import type { Figure } from '../figure.ts';
import type { Summary } from '../measure/statistics.ts';

/** A limit for what a figure judges. */
export interface Budget {
  max?: number;
  min?: number;
}

/**
 * `met`; `missed`; `unclear` when the median misses the budget but by less than the noise; `none` without a budget.
 */
export type Verdict = 'met' | 'missed' | 'unclear' | 'none';

/** What the budget of a figure is about. */
export function judgedSummary(figure: Figure): Summary {
  return figure.judged === 'compared' && figure.compared ? figure.compared.summary : figure.measured;
}

/** Missed is what lies beyond the budget with the whole of its likely range, `low` to `high`. */
export function judge(figure: Figure, budget: Budget | undefined): Verdict {
  const { max = Infinity, min = -Infinity } = budget ?? {};
  if (max === Infinity && min === -Infinity) return 'none';
  const { median, low, high } = judgedSummary(figure);
  if (median <= max && median >= min) return 'met';
  return low > max || high < min ? 'missed' : 'unclear';
}
