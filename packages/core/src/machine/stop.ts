import type { ErrorInfo } from '../errors.ts';
import type { RunRef } from '../model/event.ts';
import type { StepDefinition } from './definition.ts';
import { decideJoin } from './join.ts';
import { fill } from './schedule.ts';
import { cancelled, letGo } from './settle.ts';
import { endItem, isParked, type Run, runsOf, type StepState } from './state.ts';
import { record, type Turn } from './turn.ts';

/**
 * Stops an execution: what has not started is skipped, what is parked ends at once, what runs is
 * aborted and reports when it has ended.
 */
export function stop(turn: Turn, cause: 'cancelled' | 'timeout', error: ErrorInfo): void {
  if (turn.state.phase !== 'running') return;
  record(turn, { event: 'workflow_cancelling', cause, error });
  for (const step of turn.definition.steps) {
    const state = turn.state.steps[step.index]!;
    if (state.status === 'pending') skip(turn, step);
    else for (const [ref, run] of runsOf(step, state)) endRun(turn, step, ref, run);
  }
}

function endRun(turn: Turn, step: StepDefinition, ref: RunRef, run: Run): void {
  if (isParked(run)) {
    letGo(turn, ref, run);
    cancelled(turn, step, ref);
  } else {
    abort(turn, ref);
  }
}

function abort(turn: Turn, ref: RunRef): void {
  turn.commands.push({ type: 'abort', ...ref });
}

function skip(turn: Turn, step: StepDefinition): void {
  record(turn, { event: 'step_skipped', step_id: step.id, status: 'skipped', reason: 'cancelled' });
}

/**
 * Ends what a stopping execution had left when its process ended. A step whose dependencies had let
 * it run was running then, as starts are not recorded; it counts as cancelled, like it would have otherwise.
 * What a worker of another queue carries out goes on there, and is aborted once more.
 */
export function stopAgain(turn: Turn): void {
  const { definition, state } = turn;
  const running = definition.steps.filter((step) => {
    const { status, undecided } = state.steps[step.index]!;
    if (status === 'running' || status === 'waiting') return true;
    return (
      status === 'pending' &&
      undecided === 0 &&
      !touchedByStop(turn, step) &&
      decideJoin(definition, state, step) === 'run'
    );
  });
  for (const step of running) {
    endHere(turn, step, state.steps[step.index]!);
  }
  for (const step of definition.steps) if (state.steps[step.index]!.status === 'pending') skip(turn, step);
}

function endHere(turn: Turn, step: StepDefinition, { foreach, run }: StepState): void {
  const ref = { step_id: step.id };
  if (!foreach) {
    if (run?.wait?.kind === 'task') abort(turn, ref);
    else cancelled(turn, step, ref);
    return;
  }
  for (const [key, item] of Object.entries(foreach.active)) {
    const index = Number(key);
    if (item.wait?.kind === 'task') abort(turn, { ...ref, index });
    else endItem(foreach, index);
  }
  fill(turn, step);
}

function touchedByStop(turn: Turn, step: StepDefinition): boolean {
  return step.edges.some(({ from }) => {
    const { status, reason } = turn.state.steps[from]!;
    return status === 'cancelled' || reason === 'cancelled';
  });
}
