import type { Machine } from '../measure/machine.ts';
import type { Summary } from '../measure/statistics.ts';
import type { RunResult } from '../report/result.ts';
import type { Compared } from './decide.ts';
import type { Kind, Metric } from './metrics.ts';

/** A figure of the head beside that of the base. */
export interface MetricResult extends Metric {
  base: Summary;
  head: Summary;
  /** In the order of the rounds. */
  samples: { base: number[]; head: number[] };
  /** At each quantile that is judged; the first one is what is shown. */
  compared: Compared[];
  verdict: 'same' | 'worse';
}

/** A packed package, in bytes. */
export interface ArtifactResult {
  name: string;
  /** Undefined when the base has no such package. */
  base?: number;
  head: number;
  verdict: 'same' | 'worse' | 'new';
}

/** Whatever `check` has found. This is what `--json` writes. */
export interface CheckResult {
  /** ISO 8601. */
  at: string;
  machine: Machine;
  /** Of the machine, before and after. */
  load: [number, number];
  seconds: number;
  head: string;
  /** Undefined when only budgets were looked at. */
  base?: string;
  metrics: MetricResult[];
  artifacts: ArtifactResult[];
  /** Programs that cannot run on the base, and why. */
  notCompared: { what: string; why: string }[];
  budgets: RunResult[];
  /** Ids of figures whose missed budgets do not fail: the base misses them too, or they are times. */
  excused: string[];
}

/** What failed, in words; empty when all is well. */
export interface Failure {
  id: string;
  kind: Kind | 'budget';
  message: string;
}
