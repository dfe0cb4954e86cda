import type { ErrorInfo } from '../errors.ts';
import type { JsonObject, JsonValue } from './json.ts';

export type StepStatus = 'pending' | 'running' | 'waiting' | 'success' | 'failed' | 'skipped' | 'cancelled';

export type SkipReason = 'condition' | 'disabled' | 'upstream_failed' | 'upstream_skipped' | 'cancelled';

export type ExecutionStatus = 'pending' | 'running' | 'waiting' | FinalStatus;

export type FinalStatus = 'success' | 'partial' | 'failed' | 'cancelled';

/** What there is to know about one step of an execution. Times are ISO 8601 in UTC. */
export interface StepExecution {
  status: StepStatus;
  output?: JsonValue;
  /** Attempts of the step; in a foreach, those of the item that took the most. */
  attempts: number;
  /** Why it was skipped. */
  reason?: SkipReason;
  /** The named port that the handler emitted. */
  port?: string;
  error?: ErrorInfo;
  started_at?: string;
  completed_at?: string;
}

/** One execution of a workflow. The same shape in memory, in stores, on the wire and in `vwmp run --json`. */
export interface Execution {
  id: string;
  workflow_id: string;
  workflow_version: string;
  status: ExecutionStatus;
  /** With `***` for every secret. */
  parameters: JsonObject;
  trigger?: JsonValue;
  output?: JsonValue;
  error?: ErrorInfo;
  /** Ids of the steps that were undone, in that order. What could not be undone stands in `error.details.compensation_errors`. */
  compensated: string[];
  steps: Record<string, StepExecution>;
  started_at: string;
  completed_at?: string;
}
