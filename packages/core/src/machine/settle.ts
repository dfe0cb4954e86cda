import type { ErrorInfo } from '../errors.ts';
import type { Deadline, RunRef, Wait } from '../model/event.ts';
import { timerKey } from './command.ts';
import type { StepDefinition } from './definition.ts';
import { bufferedSignal, runOf } from './evolve.ts';
import type { InputOf } from './input.ts';
import { mayRetry, retryDelay } from './retry.ts';
import { ending, fill, goOn, pickRef } from './schedule.ts';
import { endItem, isParked, type Run, runsOf } from './state.ts';
import { isoTime } from './time.ts';
import { clearTimer, record, setTimer, type Turn } from './turn.ts';

/** An attempt ended well. */
export function succeeded(turn: Turn, step: StepDefinition, run: Run, input: InputOf<'succeeded'>): void {
  if (input.index !== undefined) {
    record(turn, {
      event: 'item_completed',
      step_id: step.id,
      index: input.index,
      output: input.output,
      attempts: run.attempt,
    });
    fill(turn, step);
  } else if (step.repeat && input.again) {
    if (turn.state.phase === 'stopping') cancelled(turn, step, input);
    else repeat(turn, step, step.repeat, run, input);
  } else {
    const port = input.port === undefined ? {} : { port: input.port };
    record(turn, {
      event: 'step_completed',
      status: 'success',
      output: input.output,
      ...port,
      ...ending(turn, step),
    });
  }
}

function repeat(
  turn: Turn,
  step: StepDefinition,
  policy: NonNullable<StepDefinition['repeat']>,
  run: Run,
  input: InputOf<'succeeded'>,
): void {
  const iteration = turn.state.steps[step.index]!.iteration;
  if (iteration + 1 >= policy.max) {
    const message = `Step "${step.id}" ran ${policy.max} times and its condition "until" never held. Raise repeat.max or mend it.`;
    fail(turn, step, input, run, { code: 'REPEAT_LIMIT', message, retryable: false });
    return;
  }
  const repeatAt = isoTime(turn.at + policy.delay);
  record(turn, {
    event: 'iteration_completed',
    step_id: step.id,
    iteration,
    output: input.output,
    attempts: run.attempt,
    started_at: run.started_at ?? isoTime(turn.at),
    repeat_at: repeatAt,
  });
  setTimer(turn, step.id, repeatAt);
}

/** An attempt failed: it is tried again where that is allowed and may help. */
export function failed(
  turn: Turn,
  step: StepDefinition,
  run: Run,
  ref: RunRef,
  error: ErrorInfo,
  random: number,
): void {
  if (turn.state.phase === 'stopping') {
    cancelled(turn, step, ref);
    return;
  }
  if (isFailing(turn, step, ref) || !mayRetry(step.retry, run.attempt, error)) {
    fail(turn, step, ref, run, error);
    return;
  }
  const retryAt = isoTime(turn.at + retryDelay(step.retry, run.attempt, random));
  record(turn, {
    event: 'step_retrying',
    ...pickRef(ref),
    attempt: run.attempt,
    error,
    started_at: run.started_at ?? isoTime(turn.at),
    retry_at: retryAt,
  });
  setTimer(turn, timerKey(ref), retryAt);
}

/** Fails a run for good. */
function fail(turn: Turn, step: StepDefinition, ref: RunRef, run: Run, error: ErrorInfo): void {
  if (ref.index === undefined) {
    record(turn, { event: 'step_failed', status: 'failed', error, ...ending(turn, step) });
    return;
  }
  const state = turn.state.steps[step.index]!;
  // The first one that fails has let go of all.
  const others = state.foreach!.failure ? [] : runsOf(step, state);
  record(turn, { event: 'item_failed', step_id: step.id, index: ref.index, error, attempts: run.attempt });
  for (const [item, other] of others) {
    if (other === run) continue;
    if (isParked(other)) letGo(turn, item, other);
    else if (other.wait) turn.commands.push({ type: 'withdraw', ...item });
  }
  fill(turn, step);
}

/** Nothing waits any more for what a parked run waited for. */
export function letGo(turn: Turn, ref: RunRef, { wait }: Run): void {
  clearTimer(turn, timerKey(ref));
  if (wait) cancelChild(turn, wait);
}

function cancelChild(turn: Turn, wait: Wait): void {
  if (wait.kind === 'child') turn.commands.push({ type: 'cancel_child', execution_id: wait.execution_id });
}

/** A run has ended because the execution stops or its foreach has failed. */
export function cancelled(turn: Turn, step: StepDefinition, ref: RunRef): void {
  if (ref.index === undefined) {
    record(turn, { event: 'step_cancelled', status: 'cancelled', ...ending(turn, step) });
    return;
  }
  const { foreach } = turn.state.steps[step.index]!;
  if (foreach) endItem(foreach, ref.index);
  fill(turn, step);
}

/** True for an item of a foreach that has failed. */
export function isFailing({ state }: Turn, step: StepDefinition, { index }: RunRef): boolean {
  return index !== undefined && state.steps[step.index]!.foreach?.failure !== undefined;
}

/** A handler asked to be parked. */
export function suspended(turn: Turn, step: StepDefinition, run: Run, input: InputOf<'suspended'>): void {
  // Nothing waits for an item of a foreach that has failed: it would only hold up the failure.
  if (turn.state.phase === 'stopping' || isFailing(turn, step, input)) {
    cancelChild(turn, input.wait);
    cancelled(turn, step, input);
    return;
  }
  const startedAt = run.started_at ?? isoTime(turn.at);
  const wait = withStepTimeout(input.wait, step, turn.at);
  record(turn, {
    event: 'step_waiting',
    ...pickRef(input),
    attempt: run.attempt,
    wait,
    started_at: startedAt,
  });
  park(turn, input, runOf(turn.definition, turn.state, input)!);
}

/** Sets the timer of a parked run, or lets it go on at once when its signal is there already. */
export function park(turn: Turn, ref: RunRef, run: Run): void {
  const wait = run.wait!;
  if (wait.kind === 'signal') {
    const payload = bufferedSignal(turn.state, wait.signal);
    if (payload !== undefined) {
      resumed(turn, ref, run, payload);
      return;
    }
  }
  const at = wakeTime(wait);
  if (at !== undefined) setTimer(turn, timerKey(ref), at);
}

/** What a run waited for has come. */
export function resumed(turn: Turn, ref: RunRef, run: Run, payload: InputOf<'resume'>['payload']): void {
  record(turn, { event: 'step_resumed', ...pickRef(ref), payload });
  goOn(turn, ref, run);
}

/** When a parked run goes on or fails, whichever comes first; not at all without a timer or a deadline. */
export function wakeTime(wait: Wait): string | undefined {
  if (wait.kind !== 'timer') return wait.deadline?.at;
  return wait.deadline && Date.parse(wait.deadline.at) < Date.parse(wait.until)
    ? wait.deadline.at
    : wait.until;
}

/** The timeout of a step holds while it is parked too, counted from when it was: handlers park at once or not at all. */
function withStepTimeout(wait: Wait, step: StepDefinition, now: number): Wait {
  // An attempt in another queue has its timeout there, from when it begins: waiting for a worker does not count.
  if (step.timeout === undefined || wait.kind === 'task') return wait;
  const at = isoTime(now + step.timeout);
  if (wait.deadline && Date.parse(wait.deadline.at) <= now + step.timeout) return wait;
  const deadline: Deadline = { at, code: 'STEP_TIMEOUT' };
  return { ...wait, deadline };
}
