import type { ErrorInfo } from '../errors.ts';
import type { RunRef, Wait } from '../model/event.ts';
import type { FinalStatus, SkipReason, StepStatus } from '../model/execution.ts';
import type { JsonValue } from '../model/json.ts';
import type { Definition } from './definition.ts';

/**
 * The state of an execution is plain data: it can be cloned, compared and written as JSON.
 *
 * An execution goes through these phases, always forward:
 *
 * - `pending`: nothing has happened yet
 * - `running`: steps start as soon as they are decided
 * - `stopping`: it was cancelled or timed out; nothing starts any more, what runs is being ended
 * - `output`: every step has settled and the output of the workflow is being evaluated
 * - `compensating`: it fails or is cancelled, and what succeeded is being undone, last first
 * - `completed`: `status` is final
 */
export type Phase = 'pending' | 'running' | 'stopping' | 'output' | 'compensating' | 'completed';

/**
 * One run in progress: of a plain step, of one item of a foreach, of one iteration of a repeat.
 * It is attempting (neither `wait` nor `due` is there), parked (`wait`), or due for its next
 * attempt or iteration (`due`). `payload` is there when the wait is over and the handler has yet to go on.
 */
export interface Run {
  /** From 1. */
  attempt: number;
  started_at?: string;
  wait?: Wait;
  /** How often this attempt was parked. */
  waits?: number;
  /** When the next attempt or iteration begins. */
  due?: string;
  payload?: JsonValue;
}

export interface Foreach {
  total: number;
  /** The next item to start; every one before it is settled or in `active`. */
  next: number;
  outputs: JsonValue[];
  completed: number;
  /** The items in progress by index; never more than the concurrency of the step. */
  active: Record<number, Run>;
  /** How many there are in `active`: counting them for every item would be quadratic. */
  running: number;
  /** The failure that stops the step; the items in progress are left to end. */
  failure?: ErrorInfo;
}

export interface StepState {
  status: StepStatus;
  /** How many incoming edges come from steps that have not settled. */
  undecided: number;
  attempts: number;
  output?: JsonValue;
  port?: string;
  error?: ErrorInfo;
  reason?: SkipReason;
  started_at?: string;
  completed_at?: string;
  run?: Run;
  foreach?: Foreach;
  /** Of a repeat: how many iterations have ended. */
  iteration: number;
}

export interface ExecutionState {
  phase: Phase;
  status?: FinalStatus;
  started_at: string;
  completed_at?: string;
  error?: ErrorInfo;
  output?: JsonValue;
  /** What a stopping execution ends as. */
  stop?: { cause: 'cancelled' | 'timeout'; error: ErrorInfo };
  steps: StepState[];
  /** How many steps have not settled. */
  unsettled: number;
  /** Signals that nobody has waited for yet, oldest first. */
  signals: Record<string, JsonValue[]>;
  /** Names and idempotency keys of all signals that came with one; missing while there is none. */
  keyed_signals?: Record<string, true>;
  /** Positions of the succeeded steps that can be undone, in the order in which they completed. */
  undoable: number[];
  /** Ids of the steps that were undone, in that order. */
  compensated: string[];
  /** What went wrong while undoing. */
  compensation_errors: { step_id: string; error: ErrorInfo }[];
}

export function initialState(definition: Definition): ExecutionState {
  return {
    phase: 'pending',
    started_at: '',
    unsettled: definition.steps.length,
    signals: Object.create(null) as Record<string, JsonValue[]>,
    undoable: [],
    compensated: [],
    compensation_errors: [],
    steps: definition.steps.map((step) => ({
      status: 'pending',
      undecided: step.edges.length,
      attempts: 0,
      iteration: 0,
    })),
  };
}

/** The runs of a step that are in progress, each with what names it. */
export function runsOf({ id: step_id }: { id: string }, step: StepState): [RunRef, Run][] {
  const { foreach, run } = step;
  if (!foreach) return run && !isSettled(step) ? [[{ step_id }, run]] : [];
  return Object.entries(foreach.active).map(([index, item]) => [{ step_id, index: Number(index) }, item]);
}

/** Takes an item out of those in progress, if it is one. */
export function endItem(foreach: Foreach, index: number): void {
  if (foreach.active[index] === undefined) return;
  delete foreach.active[index];
  foreach.running--;
}

/** True for a run of which no attempt is in progress, neither here nor at a worker of another queue. */
export function isParked({ wait, due }: Run): boolean {
  return due !== undefined || (wait !== undefined && wait.kind !== 'task');
}

/** True for a step that will not change any more. */
export function isSettled(step: StepState): boolean {
  return (
    step.status === 'success' ||
    step.status === 'failed' ||
    step.status === 'skipped' ||
    step.status === 'cancelled'
  );
}
