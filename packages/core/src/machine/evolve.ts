import type { RecordedEvent, RunRef } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import type { Definition } from './definition.ts';
import { type ExecutionState, endItem, type Foreach, isParked, type Run, type StepState } from './state.ts';

/**
 * Folds one recorded event into the state, which it changes in place: copying the state of 10,000
 * steps for each of 20,000 events would cost far more than all the rest. Everything that survives a
 * crash is changed here and nowhere else.
 *
 * @param timestamp - of the event, ISO 8601
 */
export function evolve(
  definition: Definition,
  state: ExecutionState,
  event: RecordedEvent,
  timestamp: string,
): void {
  switch (event.event) {
    case 'workflow_queued':
      state.started_at = timestamp;
      break;
    case 'workflow_started':
      state.phase = 'running';
      state.started_at = timestamp;
      break;
    case 'step_completed': {
      const step = settle(definition, state, event.step_id, event, timestamp);
      step.output = event.output;
      if (event.port !== undefined) step.port = event.port;
      const position = definition.positions.get(event.step_id)!;
      if (definition.steps[position]!.compensated) state.undoable.push(position);
      break;
    }
    case 'step_failed':
      settle(definition, state, event.step_id, event, timestamp).error = event.error;
      break;
    case 'step_cancelled':
      settle(definition, state, event.step_id, event, timestamp);
      break;
    case 'step_skipped': {
      const step = settle(definition, state, event.step_id, event, timestamp);
      step.reason = event.reason;
      step.output = null;
      break;
    }
    case 'step_retrying':
      countAttempts(stepOf(definition, state, event.step_id), event.index, event.attempt);
      setRun(definition, state, event, {
        attempt: event.attempt + 1,
        started_at: event.started_at,
        due: event.retry_at,
      });
      break;
    case 'step_waiting':
      setRun(definition, state, event, {
        attempt: event.attempt,
        started_at: event.started_at,
        wait: event.wait,
        waits: (runOf(definition, state, event)?.waits ?? 0) + 1,
      });
      break;
    case 'step_resumed':
      resumeRun(definition, state, event, event.payload);
      break;
    case 'foreach_started': {
      const step = stepOf(definition, state, event.step_id);
      step.status = 'running';
      step.started_at = event.started_at;
      step.foreach = { total: event.total, next: 0, outputs: [], completed: 0, active: {}, running: 0 };
      break;
    }
    case 'item_completed': {
      const foreach = settleItem(definition, state, event);
      // No holes: JSON would turn them into nulls, and the copy would differ.
      while (foreach.outputs.length < event.index) foreach.outputs.push(null);
      foreach.outputs[event.index] = event.output;
      foreach.completed++;
      break;
    }
    case 'item_failed': {
      const foreach = settleItem(definition, state, event);
      // After it nothing parks.
      if (foreach.failure) break;
      foreach.failure = event.error;
      for (const [index, run] of Object.entries(foreach.active)) {
        if (isParked(run)) endItem(foreach, Number(index));
      }
      break;
    }
    case 'iteration_completed': {
      const step = stepOf(definition, state, event.step_id);
      step.iteration = event.iteration + 1;
      countAttempts(step, undefined, event.attempts);
      setRun(definition, state, event, { attempt: 1, started_at: event.started_at, due: event.repeat_at });
      break;
    }
    case 'signal_received':
      bufferSignal(state, event.signal, event.payload);
      if (event.idempotency_key !== undefined) {
        state.keyed_signals ??= {};
        state.keyed_signals[keyedSignal(event)] = true;
      }
      break;
    case 'workflow_cancelling':
      state.phase = 'stopping';
      state.stop = { cause: event.cause, error: event.error };
      break;
    case 'workflow_failing':
      state.error = event.error;
      break;
    case 'compensation_failed':
      state.compensation_errors.push({ step_id: event.step_id, error: event.error });
      break;
    case 'compensation_completed':
      state.compensated.push(event.step_id);
      break;
    case 'workflow_completed':
      state.phase = 'completed';
      state.status = event.status;
      state.completed_at = timestamp;
      if (event.output !== undefined) state.output = event.output;
      if (event.error !== undefined) state.error = event.error;
      state.signals = Object.create(null) as ExecutionState['signals'];
      delete state.keyed_signals;
      break;
  }
}

/** The oldest signal of that name that nobody has taken. */
export function bufferedSignal({ signals }: ExecutionState, name: string): JsonValue | undefined {
  return Object.hasOwn(signals, name) ? signals[name]![0] : undefined;
}

/** Names a signal together with its idempotency key: no two pairs have the same name, and it is nothing on a prototype. */
export function keyedSignal(given: { signal: string; idempotency_key?: string | undefined }): string {
  return JSON.stringify([given.signal, given.idempotency_key]);
}

/** Names are free: `constructor` and `__proto__` must not reach a prototype, which a copy of a state has. */
function bufferSignal({ signals }: ExecutionState, name: string, payload: JsonValue): void {
  if (Object.hasOwn(signals, name)) signals[name]!.push(payload);
  else
    Object.defineProperty(signals, name, {
      value: [payload],
      configurable: true,
      enumerable: true,
      writable: true,
    });
}

/** The state of a step by its id. */
export function stepOf(definition: Definition, state: ExecutionState, id: string): StepState {
  return state.steps[definition.positions.get(id)!]!;
}

/** The run that a reference names, if it is in progress. */
export function runOf(definition: Definition, state: ExecutionState, ref: RunRef): Run | undefined {
  const step = stepOf(definition, state, ref.step_id);
  return ref.index === undefined ? step.run : step.foreach?.active[ref.index];
}

/**
 * Names a wait of a run: no other wait of the same run, before it or after, has this name. So what answers one round
 * of a repeat, or one attempt, does not answer the next.
 */
export function roundOf(definition: Definition, state: ExecutionState, ref: RunRef): string {
  const { iteration } = stepOf(definition, state, ref.step_id);
  const { attempt = 0, waits = 0 } = runOf(definition, state, ref) ?? {};
  return `${iteration}.${attempt}.${waits}`;
}

/** Puts a run in progress. Items before it that nothing was recorded of were in progress too. */
export function setRun(definition: Definition, state: ExecutionState, ref: RunRef, run: Run): void {
  const step = stepOf(definition, state, ref.step_id);
  if (ref.index === undefined) {
    step.run = run;
    step.started_at = run.started_at;
    step.status = run.wait && run.wait.kind !== 'task' ? 'waiting' : 'running';
  } else if (step.foreach) {
    begunUpTo(step.foreach, ref.index);
    step.foreach.active[ref.index] = run;
  }
}

function resumeRun(definition: Definition, state: ExecutionState, ref: RunRef, payload: JsonValue): void {
  const run = runOf(definition, state, ref);
  if (!run) return;
  if (run.wait?.kind === 'signal') state.signals[run.wait.signal]!.shift();
  delete run.wait;
  run.payload = payload;
  if (ref.index === undefined) stepOf(definition, state, ref.step_id).status = 'running';
}

function begunUpTo(foreach: Foreach, index: number): void {
  while (foreach.next <= index) {
    foreach.active[foreach.next++] = { attempt: 1 };
    foreach.running++;
  }
}

function settleItem(
  definition: Definition,
  state: ExecutionState,
  event: { step_id: string; index: number; attempts: number },
): Foreach {
  const step = stepOf(definition, state, event.step_id);
  const foreach = step.foreach!;
  begunUpTo(foreach, event.index);
  endItem(foreach, event.index);
  countAttempts(step, event.index, event.attempts);
  return foreach;
}

/** A foreach shows the attempts of the item that took the most. */
function countAttempts(step: StepState, index: number | undefined, attempts: number): void {
  step.attempts = index === undefined ? attempts : Math.max(step.attempts, attempts);
}

interface Settlement {
  status: StepState['status'];
  attempts?: number;
  started_at?: string;
}

function settle(
  definition: Definition,
  state: ExecutionState,
  id: string,
  settlement: Settlement,
  timestamp: string,
): StepState {
  const position = definition.positions.get(id)!;
  const step = state.steps[position]!;
  step.status = settlement.status;
  if (settlement.attempts !== undefined) step.attempts = settlement.attempts;
  if (settlement.started_at !== undefined) {
    step.started_at = settlement.started_at;
    step.completed_at = timestamp;
  }
  step.run = undefined;
  step.foreach = undefined;
  state.unsettled--;
  for (const dependent of definition.steps[position]!.dependents) state.steps[dependent]!.undecided--;
  return step;
}
