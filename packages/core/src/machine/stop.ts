import type { ErrorInfo } from '../errors.ts';
import type { RunRef } from '../model/event.ts';
import { timerKey } from './command.ts';
import type { StepDefinition } from './definition.ts';
import { decideJoin } from './join.ts';
import { cancelled } from './settle.ts';
import { isSettled, type Run } from './state.ts';
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
    else if (state.foreach) {
      for (const [index, run] of Object.entries(state.foreach.active)) {
        endRun(turn, step, { step_id: step.id, index: Number(index) }, run);
      }
    } else if (state.run) endRun(turn, step, { step_id: step.id }, state.run);
  }
}

function endRun(turn: Turn, step: StepDefinition, ref: RunRef, run: Run): void {
  if (run.wait || run.due !== undefined) {
    turn.commands.push({ type: 'clear_timer', key: timerKey(ref) });
    cancelled(turn, step, ref);
  } else {
    turn.commands.push({ type: 'abort', ...ref });
  }
}

function skip(turn: Turn, step: StepDefinition): void {
  record(turn, { event: 'step_skipped', step_id: step.id, status: 'skipped', reason: 'cancelled' });
}

/**
 * Ends what a stopping execution had left when its process ended. A step whose dependencies had let
 * it run was running then, as starts are not recorded; it counts as cancelled, like it would have otherwise.
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
    const foreach = state.steps[step.index]!.foreach;
    if (foreach) Object.assign(foreach, { active: {}, running: 0 });
    cancelled(turn, step, foreach ? { step_id: step.id, index: -1 } : { step_id: step.id });
  }
  for (const step of definition.steps) if (!isSettled(state.steps[step.index]!)) skip(turn, step);
}

function touchedByStop(turn: Turn, step: StepDefinition): boolean {
  return step.edges.some(({ from }) => {
    const { status, reason } = turn.state.steps[from]!;
    return status === 'cancelled' || reason === 'cancelled';
  });
}
