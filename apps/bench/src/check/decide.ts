import { quantile } from '../measure/statistics.ts';
import { isRarer, quantileRatio } from './permutation.ts';

/** What counts as worse. */
export interface Rule {
  /** Each of them is judged. */
  quantiles: readonly number[];
  /** Ratio of head to base above which it is worse. */
  limit: number;
  /** A difference that nobody notices, in the unit of the samples. */
  floor: number;
  /** How often an equal tree may be called worse, in one look at one quantile. */
  alpha: number;
}

/** `undecided` asks for more rounds. */
export type Decision = 'same' | 'worse' | 'undecided';

/** Head against base at one quantile. */
export interface Compared {
  quantile: number;
  base: number;
  head: number;
  /** Above 1 is worse. */
  ratio: number;
  decision: Decision;
}

/** How often a regression may be taken for noise in one look. */
const overlooked = 0.01;

/** So many rounds are enough for a tail that is not above the limit as measured: on a busy machine no number of them settles it. */
const patience = 80;

/**
 * Compares samples that were taken in turns, round by round. While there may be more rounds, only what is certain is
 * decided: more than the limit, or less. With the last round, worse is what is above the limit as measured and differs
 * for certain. So noise alone fails no equal tree, however much of it there is.
 *
 * @param base - as many samples as `head`, all above 0
 * @param isLast - there will be no more rounds
 */
export function compare(
  base: readonly number[],
  head: readonly number[],
  rule: Rule,
  isLast: boolean,
): Compared[] {
  return rule.quantiles.map((q) => {
    const sides = { base: at(base, q), head: at(head, q) };
    const ratio = quantileRatio(base, head, q);
    const decision = decide(base, head, q, rule, isLast);
    const isSmall = sides.head - sides.base <= rule.floor;
    return { quantile: q, ...sides, ratio, decision: isSmall && decision === 'worse' ? 'same' : decision };
  });
}

/** What several decisions come to. */
export function worst(compared: readonly Compared[]): Decision {
  const found = new Set(compared.map(({ decision }) => decision));
  if (found.has('worse')) return 'worse';
  return found.has('undecided') ? 'undecided' : 'same';
}

function decide(
  base: readonly number[],
  head: readonly number[],
  q: number,
  { limit, alpha }: Rule,
  isLast: boolean,
): Decision {
  const raised = base.map((value) => value * limit);
  if (quantileRatio(base, head, q) <= limit) {
    if (isLast || (q > 0.5 && base.length >= patience)) return 'same';
    return isRarer(head, raised, q, overlooked) ? 'same' : 'undecided';
  }
  if (isRarer(raised, head, q, alpha)) return 'worse';
  if (!isLast) return 'undecided';
  return isRarer(base, head, q, alpha) ? 'worse' : 'same';
}

function at(values: readonly number[], q: number): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    q,
  );
}
