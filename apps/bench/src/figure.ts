import { pairwise, type Summary, summarize } from './measure/statistics.ts';

export type Unit =
  | 'ms'
  | 'MiB'
  | 'KiB'
  | 'µs'
  | 'bytes'
  | 'steps/s'
  | 'requests/s'
  | 'executions/s'
  | 'commits/s'
  | 'jobs/s'
  | 'count'
  | '×';

/** One measured quantity. */
export interface Figure {
  /** Names its budget in budgets.json. */
  id: string;
  what: string;
  unit: Unit;
  measured: Summary;
  /** What was measured beside it in the same run. */
  yardstick?: { what: string; unit: Unit; summary: Summary };
  /** Measured against yardstick, round by round. */
  compared?: { by: 'difference' | 'ratio'; unit: Unit; summary: Summary };
  /** What the budget is about. */
  judged: 'measured' | 'compared';
  note?: string;
}

/** What all figures begin with. */
interface Base {
  id: string;
  what: string;
  unit: Unit;
  note?: string;
}

/** A figure that stands for itself. */
export function plain(base: Base, values: readonly number[]): Figure {
  return { ...base, measured: summarize(values), judged: 'measured' };
}

/** A figure beside a yardstick that was measured in the same rounds. */
export function beside(
  base: Base & { by: 'difference' | 'ratio'; judged?: Figure['judged'] },
  values: readonly number[],
  yardstick: { what: string; values: readonly number[] },
): Figure {
  const { by, judged = 'compared', ...rest } = base;
  return {
    ...rest,
    measured: summarize(values),
    yardstick: { what: yardstick.what, unit: base.unit, summary: summarize(yardstick.values) },
    compared: {
      by,
      unit: by === 'ratio' ? '×' : base.unit,
      summary: summarize(pairwise(values, yardstick.values, by)),
    },
    judged,
  };
}
