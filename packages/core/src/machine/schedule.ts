import type { RunRef } from '../model/event.ts';
import { timerKey } from './command.ts';
import type { StepDefinition } from './definition.ts';
import { setRun, stepOf } from './evolve.ts';
import { decideJoin } from './join.ts';
import type { Run } from './state.ts';
import { isoTime, parseTime } from './time.ts';
import { clearTimer, record, type Turn } from './turn.ts';

/** Starts or skips every candidate that has become decided, and whatever follows from that. */
export function schedule(turn: Turn): void {
  const { candidates, definition, state } = turn;
  for (let i = 0; i < candidates.length; i++) {
    const position = candidates[i]!;
    const step = state.steps[position]!;
    if (state.phase !== 'running' || step.status !== 'pending' || step.undecided > 0) continue;
    const decision = decideJoin(definition, state, definition.steps[position]!);
    if (decision === 'run') begin(turn, definition.steps[position]!);
    else
      record(turn, {
        event: 'step_skipped',
        step_id: definition.steps[position]!.id,
        status: 'skipped',
        reason: decision,
      });
  }
  candidates.length = 0;
}

/** The condition and list come first, if there are any; they are pure, so nothing is recorded yet. */
function begin(turn: Turn, step: StepDefinition): void {
  if (step.conditional || step.foreach) {
    turn.state.steps[step.index]!.status = 'running';
    turn.commands.push({ type: 'evaluate', step_id: step.id });
  } else {
    startRun(turn, { step_id: step.id });
  }
}

/** Starts the first attempt of a run. */
export function startRun(turn: Turn, ref: RunRef): void {
  const run: Run = { attempt: 1, started_at: isoTime(turn.at) };
  setRun(turn.definition, turn.state, ref, run);
  attempt(turn, ref, run);
}

/** Starts the attempt that a run has come to. */
export function attempt(turn: Turn, ref: RunRef, run: Run): void {
  // Deleting what is not there costs too, and mostly it is not.
  if (run.due !== undefined) delete run.due;
  run.started_at ??= isoTime(turn.at);
  turn.commands.push({
    type: 'run',
    ...pickRef(ref),
    attempt: run.attempt,
    iteration: iterationOf(turn, ref),
  });
}

/** Goes on with a run whose wait is over. */
export function goOn(turn: Turn, ref: RunRef, run: Run): void {
  const payload = run.payload ?? null;
  clearTimer(turn, timerKey(ref));
  turn.commands.push({
    type: 'resume',
    ...pickRef(ref),
    attempt: run.attempt,
    iteration: iterationOf(turn, ref),
    payload,
  });
}

/** Starts as many items of a foreach as may run, or ends the step when all of them have settled. */
export function fill(turn: Turn, step: StepDefinition): void {
  const state = turn.state.steps[step.index]!;
  const foreach = state.foreach;
  if (!foreach || !step.foreach) return;
  if (turn.state.phase === 'running' && foreach.failure === undefined) {
    while (foreach.running < step.foreach.concurrency && foreach.next < foreach.total) {
      startRun(turn, { step_id: step.id, index: foreach.next });
    }
  }
  if (foreach.running > 0) return;
  const ended = ending(turn, step);
  if (foreach.failure)
    record(turn, { event: 'step_failed', status: 'failed', error: foreach.failure, ...ended });
  else if (foreach.completed < foreach.total)
    record(turn, { event: 'step_cancelled', status: 'cancelled', ...ended });
  else
    record(turn, {
      event: 'step_completed',
      status: 'success',
      output: Object.freeze(foreach.outputs),
      ...ended,
    });
}

/** What the event that settles a step says of its attempts and times. */
export function ending(
  turn: Turn,
  step: StepDefinition,
): { step_id: string; attempts: number; started_at: string; duration_ms: number } {
  const state = turn.state.steps[step.index]!;
  const started = state.started_at ?? isoTime(turn.at);
  return {
    step_id: step.id,
    // A run that is due has not begun its next attempt.
    attempts: state.run && state.run.due === undefined ? state.run.attempt : state.attempts,
    started_at: started,
    duration_ms: Math.max(0, turn.at - parseTime(started)),
  };
}

/** The name of a run, out of what says more of it. */
export function pickRef(ref: RunRef): RunRef {
  return ref.index === undefined ? { step_id: ref.step_id } : { step_id: ref.step_id, index: ref.index };
}

function iterationOf(turn: Turn, ref: RunRef): number {
  return stepOf(turn.definition, turn.state, ref.step_id).iteration;
}
