import type { Figure, Unit } from '../figure.ts';
import type { Machine } from '../measure/machine.ts';
import { formatBudget, formatNumber, formatSummary } from './format.ts';
import type { Budget, Verdict } from './verdict.ts';

/** A figure and what was said of it. */
export interface Judged {
  figure: Figure;
  budget?: Budget;
  verdict: Verdict;
}

/** How a scenario went. */
export interface ScenarioResult {
  name: string;
  title: string;
  /** What its figures are good for. */
  about?: string;
  /** Load of the machine, before and after. */
  load: [number, number];
  seconds: number;
  judged: Judged[];
  /** Why there are no figures. */
  failure?: { kind: 'failed' | 'not measured'; message: string };
}

/** A whole run. This is what `--json` writes. */
export interface RunResult {
  area: string;
  title: string;
  /** ISO 8601. */
  at: string;
  quick: boolean;
  machine: Machine;
  scenarios: ScenarioResult[];
}

/** Cells of a line, the same on screen and in Markdown. */
export function cells({ figure, budget, verdict }: Judged): string[] {
  const { measured, yardstick, compared, judged, unit, what } = figure;
  const judgedUnit: Unit = judged === 'compared' && compared ? compared.unit : unit;
  return [
    what,
    formatSummary(measured, unit),
    yardstick ? `${yardstick.what}: ${formatNumber(yardstick.summary.median, yardstick.unit)}` : '',
    compared
      ? `${compared.by === 'difference' ? '+' : ''}${formatSummary(compared.summary, compared.unit)}`
      : '',
    formatBudget(budget, judgedUnit),
    verdict === 'none' ? '' : verdict,
  ].map((cell) => cell.replace('+-', '−'));
}

export const headings: readonly string[] = [
  'figure',
  'measured',
  'beside',
  'difference or ratio',
  'budget',
  'verdict',
];

/** True when nothing failed and no budget was missed by more than noise. */
export function isGood({ scenarios }: RunResult): boolean {
  return scenarios.every(
    ({ failure, judged }) =>
      failure?.kind !== 'failed' && judged.every(({ verdict }) => verdict !== 'missed'),
  );
}
