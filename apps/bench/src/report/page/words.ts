import type { Figure } from '../../figure.ts';
import { formatBudget, formatNumber } from '../format.ts';
import type { Judged } from '../result.ts';
import type { Verdict } from '../verdict.ts';

/** What each verdict says in a word. */
export const verdictWords: Record<Verdict, string> = {
  met: 'met',
  missed: 'missed',
  unclear: 'unclear',
  none: 'no budget',
};

/** What a figure means, in sentences. */
export function explainFigure({ figure, budget, verdict }: Judged): string {
  return [measuredSentence(figure), comparedSentence(figure), budgetSentence({ figure, budget, verdict })]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function measuredSentence({ measured, unit }: Figure): string {
  const { median, low, high, samples } = measured;
  const [middle, from, to] = [median, low, high].map((value) => formatNumber(value, unit));
  if (samples === 1) return `${middle}, measured once.`;
  return from === to
    ? `${middle}, in ${samples} samples.`
    : `${middle}, half of ${samples} samples from ${from} to ${to}.`;
}

function comparedSentence({ compared, yardstick }: Figure): string {
  if (!compared || !yardstick) return '';
  const { median } = compared.summary;
  if (compared.by === 'ratio') return `That is ${formatNumber(median, 'count')} times ${yardstick.what}.`;
  const size = formatNumber(Math.abs(median), compared.unit);
  if (median === 0) return `As much as ${yardstick.what}.`;
  return `That is ${size} ${median > 0 ? 'more' : 'less'} than ${yardstick.what}.`;
}

function budgetSentence({ figure, budget, verdict }: Judged): string {
  if (verdict === 'none' || !budget) return '';
  const isCompared = figure.judged === 'compared' && figure.compared;
  const unit = isCompared ? isCompared.unit : figure.unit;
  const of = !isCompared
    ? ''
    : isCompared.by === 'ratio'
      ? ` that of ${figure.yardstick?.what}`
      : ` more than ${figure.yardstick?.what}`;
  const limit = formatBudget(budget, unit).replace('≤ ', 'at most ').replace('≥ ', 'at least ');
  return `The budget is ${limit.replace('×', ' times')}${of}.`;
}
