import type { ErrorInfo } from '../errors.ts';
import type { FinalStatus, SkipReason } from './execution.ts';
import type { JsonObject, JsonValue } from './json.ts';

/**
 * What a suspended step waits for. Nothing of it lives in process memory: the machine's state holds
 * it, so it survives a restart.
 *
 * - `timer`: goes on at `until`
 * - `signal`: goes on with the payload of the next signal of that name
 * - `approval`: goes on with a decision
 * - `child`: goes on when that execution has ended
 * - `task`: its attempt is carried out by a worker of that queue; `resume` is there when the handler goes on after a wait
 */
export type Wait =
  | { kind: 'timer'; until: string; deadline?: Deadline }
  | { kind: 'signal'; signal: string; deadline?: Deadline }
  | { kind: 'approval'; prompt: string; form?: JsonValue; deadline?: Deadline }
  | { kind: 'child'; execution_id: string; deadline?: Deadline }
  | { kind: 'task'; queue: string; task_id: string; resume?: { payload: JsonValue }; deadline?: Deadline };

/** When a wait ends without what it waited for, and the code of the error that it then fails with. */
export interface Deadline {
  at: string;
  code: 'STEP_TIMEOUT' | 'WAIT_TIMEOUT';
}

/** Names one run of a step: `index` is there only inside a foreach. */
export interface RunRef {
  step_id: string;
  index?: number;
}

/**
 * The facts of an execution, in the order in which they became true. Replaying them gives its state.
 * A start of a step is not among them: a step that was running when the process ended is simply
 * run again, and its completion carries `started_at`.
 */
export type RecordedEvent =
  /** It was accepted, and waits for a worker or for its turn. */
  | ({ event: 'workflow_queued' } & Given)
  /** What it was given is missing when `workflow_queued` has told it. */
  | ({ event: 'workflow_started' } & Pick<Given, 'workflow_id' | 'workflow_version'> & Partial<Given>)
  | ({
      event: 'step_completed';
      status: 'success';
      output: JsonValue;
      port?: string;
      attempts: number;
    } & Timed)
  | ({ event: 'step_failed'; status: 'failed'; error: ErrorInfo; attempts: number } & Timed)
  | ({ event: 'step_cancelled'; status: 'cancelled'; attempts: number } & Timed)
  | { event: 'step_skipped'; step_id: string; status: 'skipped'; reason: SkipReason }
  | ({
      event: 'step_retrying';
      attempt: number;
      error: ErrorInfo;
      started_at: string;
      retry_at: string;
    } & RunRef)
  | ({ event: 'step_waiting'; attempt: number; wait: Wait; started_at: string } & RunRef)
  | ({ event: 'step_resumed'; payload: JsonValue } & RunRef)
  | { event: 'foreach_started'; step_id: string; total: number; started_at: string }
  | { event: 'item_completed'; step_id: string; index: number; output: JsonValue; attempts: number }
  | { event: 'item_failed'; step_id: string; index: number; error: ErrorInfo; attempts: number }
  | {
      event: 'iteration_completed';
      step_id: string;
      /** From 0. */
      iteration: number;
      output: JsonValue;
      attempts: number;
      started_at: string;
      repeat_at: string;
    }
  | {
      event: 'signal_received';
      signal: string;
      payload: JsonValue;
      /**
       * With which it was sent, if with one: no other signal of this name with it is taken in. Of one with a secret in it, `***` and its
       * SHA-256 in hexadecimal.
       */
      idempotency_key?: string;
    }
  | { event: 'workflow_cancelling'; cause: 'cancelled' | 'timeout'; error: ErrorInfo }
  | { event: 'workflow_failing'; error: ErrorInfo }
  | { event: 'compensation_completed'; step_id: string }
  | { event: 'compensation_failed'; step_id: string; error: ErrorInfo }
  | { event: 'workflow_completed'; status: FinalStatus; output?: JsonValue; error?: ErrorInfo };

interface Given {
  workflow_id: string;
  workflow_version: string;
  parameters: JsonObject;
  trigger?: JsonValue;
}

interface Timed {
  step_id: string;
  started_at: string;
  duration_ms: number;
}

/** What is told while it happens and not kept: starts, logs and progress. */
export type AnnouncedEvent =
  | ({ event: 'step_started'; attempt: number } & RunRef)
  | ({ event: 'log'; level: LogLevel; message: string; data?: JsonValue } & Partial<RunRef>)
  | ({
      event: 'progress';
      total: number;
      completed: number;
      failed: number;
      percentage: number;
      message?: string;
    } & RunRef)
  | { event: 'compensation_started'; step_id: string };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What every event carries besides its own fields. */
export interface EventHeader {
  execution_id: string;
  /** Number of the last recorded event, itself included, from 1, without gaps. */
  seq: number;
  /** ISO 8601 in UTC. */
  timestamp: string;
}

export type ExecutionEvent = (RecordedEvent | AnnouncedEvent) & EventHeader;
export type StoredEvent = RecordedEvent & EventHeader;
export type EventName = ExecutionEvent['event'];
/** The event with a given name. */
export type EventOf<N extends EventName> = Extract<ExecutionEvent, { event: N }>;
