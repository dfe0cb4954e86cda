import type { Wait } from '../../model/event.ts';
import type { Definition } from '../definition.ts';
import type { Input } from '../input.ts';
import { isoTime } from '../time.ts';
import {
  type AttemptRef,
  answerOf,
  keyOf,
  type Plan,
  type PlannedWait,
  plannedAttempt,
  plannedStep,
  runRef,
} from './plan.ts';

/** Something that the machine asked for and that has not been answered. */
export type Task =
  | { type: 'evaluate' | 'compensate'; step_id: string }
  | { type: 'evaluate_output' }
  | { type: 'attempt'; ref: AttemptRef; waited: number; heard: string | null; aborted: boolean };

/** An input without its time. */
export type Body = Input extends infer I ? (I extends Input ? Omit<I, 'at'> : never) : never;

interface World {
  readonly definition: Definition;
  readonly plan: Plan;
  readonly clock: number;
}

const message = 'As planned.';

/** What comes of a task by the plan. */
export function reportOf(world: World, task: Task, random: number): Body {
  const { plan } = world;
  switch (task.type) {
    case 'attempt':
      return attemptReport(world, task, random);
    case 'evaluate':
      return evaluation(world, task.step_id);
    case 'evaluate_output':
      if (!plan.outputFails) return { type: 'output', output: 'output' };
      return { type: 'output_failed', error: { code: 'EXPRESSION_ERROR', message } };
    case 'compensate': {
      const failure = plannedStep(plan, task.step_id).undoFails ? { error: { code: 'UNDO', message } } : {};
      return { type: 'compensated', step_id: task.step_id, ...failure };
    }
  }
}

function evaluation({ definition, plan }: World, id: string): Body {
  const step = definition.steps[definition.positions.get(id)!]!;
  const { condition, total } = plannedStep(plan, id);
  if (condition === 'fails') {
    return { type: 'evaluation_failed', step_id: id, error: { code: 'EXPRESSION_ERROR', message } };
  }
  const holds = condition === 'holds' || !step.conditional;
  return { type: 'evaluated', step_id: id, holds, ...(step.foreach ? { total } : {}) };
}

function attemptReport(world: World, task: Task & { type: 'attempt' }, random: number): Body {
  const { ref, waited, heard, aborted } = task;
  const planned = plannedAttempt(world.plan, ref);
  const from = { ...runRef(ref), attempt: ref.attempt, iteration: ref.iteration };
  const wait = planned.waits[waited];
  if (aborted && planned.aborted === 'reports') return { type: 'cancelled', ...from };
  if (aborted && planned.aborted === 'fails') {
    return { type: 'failed', ...from, random, error: { code: 'ABORTED', message } };
  }
  if (wait) return { type: 'suspended', ...from, wait: waitOf(wait, ref, waited, world.clock) };
  if (planned.code !== undefined) {
    const retryable = planned.retryable ? {} : { retryable: false };
    return { type: 'failed', ...from, random, error: { code: planned.code, message, ...retryable } };
  }
  const port = planned.port === undefined ? {} : { port: planned.port };
  const again = planned.holds ? {} : { again: true };
  return { type: 'succeeded', ...from, output: { value: planned.value, heard }, ...port, ...again };
}

function waitOf(wait: PlannedWait, ref: AttemptRef, ordinal: number, clock: number): Wait {
  const at = isoTime(clock + wait.duration);
  const deadline = { at, code: 'WAIT_TIMEOUT' as const };
  if (wait.on === 'timer') return { kind: 'timer', until: at };
  if (wait.on === 'approval') return { kind: 'approval', prompt: 'Go on?', deadline };
  if (wait.on === 'child') return { kind: 'child', execution_id: `${keyOf(ref)}/${ordinal}`, deadline };
  return { kind: 'signal', signal: wait.comes ? signalOf(wait, ref, ordinal) : 'never', deadline };
}

/** The signal that a wait listens to, which is its payload too. */
export function signalOf(wait: PlannedWait, ref: AttemptRef, ordinal: number): string {
  return answerOf(wait, ref, ordinal)!;
}
