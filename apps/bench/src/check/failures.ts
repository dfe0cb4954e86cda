import { formatBudget, formatNumber } from '../report/format.ts';
import type { Judged, RunResult } from '../report/result.ts';
import { judgedSummary } from '../report/verdict.ts';
import type { CheckResult, Failure } from './result.ts';

/** Everything for which a check fails; none when all is well. */
export function failuresOf({ metrics, artifacts, budgets, excused }: CheckResult): Failure[] {
  return [
    ...metrics
      .filter(({ verdict }) => verdict === 'worse')
      .map(({ id, kind, what }): Failure => ({ id, kind, message: `${what}: worse than the base` })),
    ...artifacts
      .filter(({ verdict }) => verdict === 'worse')
      .map(({ name }): Failure => {
        return { id: `artifact.${name}`, kind: 'artifact', message: `@vwmp/${name}: larger than the base` };
      }),
    ...budgets.flatMap(budgetFailures).filter(({ id }) => !excused.includes(id)),
  ];
}

/** Each budget that was looked at. */
export function judgedOf(budgets: readonly RunResult[]): Judged[] {
  return budgets.flatMap(({ scenarios }) => scenarios.flatMap(({ judged }) => judged));
}

function budgetFailures({ area, scenarios }: RunResult): Failure[] {
  return scenarios.flatMap(({ name, judged, failure }) => {
    const missed = judged.filter(({ verdict }) => verdict === 'missed').map(missedBudget);
    if (failure?.kind !== 'failed') return missed;
    return [{ id: `${area}.${name}`, kind: 'budget' as const, message: failure.message }, ...missed];
  });
}

function missedBudget({ figure, budget }: Judged): Failure {
  const unit = figure.judged === 'compared' && figure.compared ? figure.compared.unit : figure.unit;
  const found = formatNumber(judgedSummary(figure).median, unit);
  const message = `${figure.what}: ${found}, and the budget is ${formatBudget(budget, unit)}`;
  return { id: figure.id, kind: 'budget', message };
}
