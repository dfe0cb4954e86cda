import type { RecordedEvent, RunRef } from '../model/event.ts';
import { type Command, executionTimer, timerKey, timerRun } from './command.ts';
import { completeWith, conclude, nextToUndo } from './conclude.ts';
import type { Definition, StepDefinition } from './definition.ts';
import { keyedSignal, roundOf, runOf } from './evolve.ts';
import type { Input, InputOf, Reporter } from './input.ts';
import { attempt, fill, goOn, schedule, startRun } from './schedule.ts';
import {
  cancelled,
  failed,
  isFailing,
  letGo,
  park,
  resumed,
  succeeded,
  suspended,
  wakeTime,
} from './settle.ts';
import { type ExecutionState, type Run, runsOf } from './state.ts';
import { stop, stopAgain } from './stop.ts';
import { isoTime } from './time.ts';
import { createTurn, findStep, record, setTimer, type Turn } from './turn.ts';

/** What comes of one input. */
export interface Transition {
  /** New facts, in order. They become true together: record all of them or none. */
  readonly events: readonly RecordedEvent[];
  /** What to do once the facts are recorded, in order. */
  readonly commands: readonly Command[];
}

/**
 * The machine: takes what happened and gives the facts that follow and what to do next. It has no clock,
 * no chance and no I/O, so the same inputs always give the same. `state` is changed in place; clone it first
 * to keep it. An input that no longer fits (a late timer, the result of an attempt that was given up) changes nothing.
 */
export function transition(definition: Definition, state: ExecutionState, input: Input): Transition {
  const turn = createTurn(definition, state, input.at);
  apply(turn, input);
  schedule(turn);
  conclude(turn);
  return turn;
}

/**
 * What to do for an execution whose recorded events have been replayed with {@link evolve}: everything
 * that was in progress is begun again, every timer set again.
 *
 * @param at - now, in milliseconds since 1970
 */
export function resume(definition: Definition, state: ExecutionState, at: number): Transition {
  const turn = createTurn(definition, state, at);
  if (state.phase === 'running') {
    setExecutionTimer(turn);
    for (const step of definition.steps) {
      const current = state.steps[step.index]!;
      if (current.status === 'pending') turn.candidates.push(step.index);
      for (const [ref, run] of runsOf(step, current)) {
        if (current.foreach?.failure && run.wait?.kind === 'task')
          turn.commands.push({ type: 'withdraw', ...ref });
        else resumeRun(turn, ref, run);
      }
      if (current.foreach) fill(turn, step);
    }
  } else if (state.phase === 'stopping') stopAgain(turn);
  schedule(turn);
  conclude(turn);
  return turn;
}

function resumeRun(turn: Turn, ref: RunRef, run: Run): void {
  if (run.payload !== undefined) goOn(turn, ref, run);
  else if (run.wait) park(turn, ref, run);
  else if (run.due !== undefined) setTimer(turn, timerKey(ref), run.due);
  else attempt(turn, ref, run);
}

function apply(turn: Turn, input: Input): void {
  switch (input.type) {
    case 'start':
      return start(turn, input);
    case 'evaluated':
    case 'evaluation_failed':
      return evaluated(turn, input);
    case 'timer':
      return timer(turn, input);
    case 'signal':
      return signal(turn, input);
    case 'cancel':
      return stop(turn, 'cancelled', input.error);
    case 'output':
      if (turn.state.phase === 'output') completeWith(turn, input.output);
      return;
    case 'output_failed':
      if (turn.state.phase === 'output') record(turn, { event: 'workflow_failing', error: input.error });
      return;
    case 'compensated':
      return compensated(turn, input);
    default:
      return attemptEnded(turn, input);
  }
}

function start(turn: Turn, input: InputOf<'start'>): void {
  if (turn.state.phase !== 'pending') return;
  const { workflow_id, workflow_version } = input;
  const parameters = input.parameters === undefined ? {} : { parameters: input.parameters };
  const trigger = input.trigger === undefined ? {} : { trigger: input.trigger };
  record(turn, { event: 'workflow_started', workflow_id, workflow_version, ...parameters, ...trigger });
  setExecutionTimer(turn);
  // Of one that is tried again some steps have settled already.
  const { steps } = turn.state;
  for (const step of turn.definition.steps) {
    if (steps[step.index]!.undecided === 0) turn.candidates.push(step.index);
  }
}

function setExecutionTimer(turn: Turn): void {
  const { timeout } = turn.definition;
  if (timeout === undefined) return;
  const at = isoTime(Date.parse(turn.state.started_at) + timeout);
  setTimer(turn, executionTimer, at);
}

function evaluated(turn: Turn, input: InputOf<'evaluated'> | InputOf<'evaluation_failed'>): void {
  const step = findStep(turn, input.step_id);
  if (!step) return;
  const state = turn.state.steps[step.index]!;
  if (state.status !== 'running' || state.run || state.foreach) return;
  const now = { step_id: step.id, attempts: 0, started_at: isoTime(turn.at), duration_ms: 0 };
  if (turn.state.phase === 'stopping') {
    record(turn, { event: 'step_cancelled', status: 'cancelled', ...now });
  } else if (input.type === 'evaluation_failed') {
    record(turn, { event: 'step_failed', status: 'failed', error: input.error, ...now });
  } else if (!input.holds) {
    record(turn, { event: 'step_skipped', step_id: step.id, status: 'skipped', reason: 'condition' });
  } else if (step.foreach) {
    record(turn, {
      event: 'foreach_started',
      step_id: step.id,
      total: input.total ?? 0,
      started_at: isoTime(turn.at),
    });
    fill(turn, step);
  } else {
    startRun(turn, { step_id: step.id });
  }
}

function attemptEnded(
  turn: Turn,
  input: InputOf<'succeeded' | 'failed' | 'suspended' | 'cancelled' | 'resume'>,
): void {
  const step = findStep(turn, input.step_id);
  const run = step && runOf(turn.definition, turn.state, input);
  if (!run) return;
  if (input.type === 'resume') {
    if (run.wait?.kind !== 'approval' && run.wait?.kind !== 'child') return;
    if (input.round !== undefined && input.round !== roundOf(turn.definition, turn.state, input)) return;
    resumed(turn, input, run, input.payload);
    return;
  }
  // An attempt that a worker of another queue carries out reports like any other; its run is parked meanwhile.
  const elsewhere = run.wait?.kind === 'task';
  if ((run.wait && !elsewhere) || run.due !== undefined || !isCurrent(turn, step, run, input)) return;
  if (elsewhere && input.type === 'suspended' && input.wait.kind === 'task') return;
  if (input.type === 'succeeded') succeeded(turn, step, run, input);
  else if (input.type === 'failed') failed(turn, step, run, input, input.error, input.random);
  else if (input.type === 'suspended') suspended(turn, step, run, input);
  else if (turn.state.phase === 'stopping' || isFailing(turn, step, input)) cancelled(turn, step, input);
}

/** False for an attempt that was given up: the next one is under way. */
function isCurrent(turn: Turn, step: StepDefinition, run: Run, { attempt, iteration }: Reporter): boolean {
  if (attempt !== undefined && attempt !== run.attempt) return false;
  return iteration === undefined || iteration === turn.state.steps[step.index]!.iteration;
}

function timer(turn: Turn, input: InputOf<'timer'>): void {
  if (input.key === executionTimer) {
    const message = `The execution took longer than its timeout of ${turn.definition.timeout} ms.`;
    return stop(turn, 'timeout', { code: 'EXECUTION_TIMEOUT', message, retryable: false });
  }
  if (turn.state.phase !== 'running') return;
  const ref = timerRun(input.key);
  const step = findStep(turn, ref.step_id);
  const run = step && runOf(turn.definition, turn.state, ref);
  const at = run && (run.due ?? (run.wait && wakeTime(run.wait)));
  if (!run || at === undefined) return;
  if (Date.parse(at) > turn.at) {
    // Timers may come a moment early (those of Node do), and the one that was set is used up.
    setTimer(turn, input.key, at);
  } else if (run.due !== undefined) {
    attempt(turn, ref, run);
  } else if (run.wait?.kind === 'timer' && run.wait.until === at) {
    resumed(turn, ref, run, null);
  } else if (run.wait?.deadline) {
    const { code } = run.wait.deadline;
    const waited = `${run.wait.kind === 'signal' ? `signal "${run.wait.signal}"` : run.wait.kind}`;
    const message = `Step "${ref.step_id}" waited for its ${waited} until ${run.wait.deadline.at} in vain.`;
    letGo(turn, ref, run);
    delete run.wait;
    failed(turn, step, run, ref, { code, message }, input.random);
  }
}

function signal(turn: Turn, input: InputOf<'signal'>): void {
  const { state, definition } = turn;
  if (state.phase !== 'running' || state.keyed_signals?.[keyedSignal(input)]) return;
  const { type: _type, at: _at, ...sent } = input;
  record(turn, { event: 'signal_received', ...sent });
  for (const step of definition.steps) {
    for (const [ref, run] of runsOf(step, state.steps[step.index]!)) {
      if (run.wait?.kind === 'signal' && run.wait.signal === input.signal)
        return resumed(turn, ref, run, state.signals[input.signal]![0]!);
    }
  }
}

function compensated(turn: Turn, input: InputOf<'compensated'>): void {
  if (turn.state.phase !== 'compensating' || input.step_id !== nextToUndo(turn)) return;
  if (input.error) record(turn, { event: 'compensation_failed', step_id: input.step_id, error: input.error });
  else record(turn, { event: 'compensation_completed', step_id: input.step_id });
}
