import { expect } from 'vitest';
import { timerRun } from '../command.ts';
import { runOf } from '../evolve.ts';
import type { InputOf } from '../input.ts';
import type { Run, StepState } from '../state.ts';
import type { Expected, ExpectedExecution } from './model.ts';
import type { Simulation } from './simulation.ts';

/** What became of a step, without times. */
export interface Outcome {
  status: StepState['status'];
  reason?: string;
  port?: string;
  output?: unknown;
  attempts: number;
  code?: string;
}

function outcomeOf({ status, reason, port, output, attempts, error }: StepState): Outcome {
  return { status, reason, port, output, attempts, code: error?.code };
}

/** Outcomes of all steps by id. */
export function outcomesOf({ definition, state }: Simulation): Record<string, Outcome> {
  return Object.fromEntries(definition.steps.map(({ id, index }) => [id, outcomeOf(state.steps[index]!)]));
}

/** A step became what the model says. */
export function expectOutcome(id: string, outcome: Outcome, expected: Expected): void {
  const { codes, attempts, ...exact } = expected;
  const message = `step ${id}`;
  expect({ ...outcome, attempts: undefined, code: undefined }, message).toEqual(exact);
  expect(outcome.attempts, message).toBeGreaterThanOrEqual(attempts.least);
  expect(outcome.attempts, message).toBeLessThanOrEqual(attempts.most);
  expect(codes ?? [undefined], message).toContain(outcome.code);
}

/** An execution that nobody stopped ended as the model says. */
export function expectAsModelled(simulation: Simulation, expected: ExpectedExecution): void {
  const { state } = simulation;
  for (const [id, outcome] of Object.entries(outcomesOf(simulation))) {
    expectOutcome(id, outcome, expected.steps.get(id)!);
  }
  expect({ status: state.status, code: state.error?.code }).toEqual({
    status: expected.status,
    code: expected.code,
  });
  expectEnded(simulation);
}

/** Nothing is left over, and what succeeded was undone, backwards, if it had to be. */
export function expectEnded(simulation: Simulation): void {
  const { state, tasks, timers, history, finished } = simulation;
  expect({ phase: state.phase, unsettled: state.unsettled, tasks, timers: [...timers], finished }).toEqual({
    phase: 'completed',
    unsettled: 0,
    tasks: [],
    timers: [],
    finished: 1,
  });
  expect(state.compensated).toEqual(undoneBy(simulation));
  const settled = history.flatMap(({ event }) =>
    isSettlement(event.event) && 'step_id' in event ? event.step_id : [],
  );
  expect(settled.toSorted(), 'each step settles once').toEqual(
    simulation.definition.steps.map(({ id }) => id).sort(),
  );
  expect(history.filter(({ event }) => event.event === 'workflow_completed')).toHaveLength(1);
  expect(history.at(-1)!.event.event).toBe('workflow_completed');
}

function undoneBy({ state, history, definition }: Simulation): string[] {
  if (state.status !== 'failed' && state.status !== 'cancelled') return [];
  return history
    .flatMap(({ event }) => (event.event === 'step_completed' ? event.step_id : []))
    .filter((id) => definition.steps.some((step) => step.id === id && step.compensated))
    .filter(
      (id) => !history.some(({ event }) => event.event === 'compensation_failed' && event.step_id === id),
    )
    .reverse();
}

export function isSettlement(event: string): boolean {
  return (
    event === 'step_completed' ||
    event === 'step_failed' ||
    event === 'step_cancelled' ||
    event === 'step_skipped'
  );
}

/** As `toEqual`, which takes a hundred times as long; it is asked only to show a difference. */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (!sameData(actual, expected)) expect(actual).toEqual(expected);
}

/** Data with the same values; what is undefined is not there. */
function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const [left, right] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => {
    const [own, other] = [Object.hasOwn(left, key), Object.hasOwn(right, key)];
    return sameData(own ? left[key] : undefined, other ? right[key] : undefined);
  });
}

/** The run that an input is about, if it is in progress. */
export function runNamed(
  { definition, state }: Simulation,
  input: { step_id: string; index?: number },
): Run | undefined {
  return definition.positions.has(input.step_id) ? runOf(definition, state, input) : undefined;
}

/** True when the run of an answer or a timer is parked, or due, and may go on by it. */
export function isParked(simulation: Simulation, input: InputOf<'resume' | 'timer'>): boolean {
  const run = runNamed(simulation, input.type === 'timer' ? timerRun(input.key) : input);
  return run?.wait !== undefined || run?.due !== undefined;
}
