import { expect } from 'vitest';
import type { RunRef } from '../../model/event.ts';
import { isSettled } from '../state.ts';
import { sameRun } from './plan.ts';
import type { Simulation, Turned } from './simulation.ts';

/** Checks after each turn what must hold at any time, crashes included. */
export function watch(simulation: Simulation): Simulation {
  simulation.observe = (turned) => {
    expectStartsInOrder(simulation, turned);
    expectConcurrency(simulation);
    expectNothingAfterStop(simulation, turned);
  };
  return simulation;
}

/** What starts had all its dependencies decided, has not settled and is not running. */
function expectStartsInOrder(simulation: Simulation, { input, commands }: Turned): void {
  const { definition, state, history, tasks } = simulation;
  for (const command of commands) {
    if (command.type !== 'run' && command.type !== 'evaluate' && command.type !== 'resume') continue;
    const step = definition.steps[definition.positions.get(command.step_id)!]!;
    const message = JSON.stringify(command);
    if (step.edges.some(({ from }) => !isSettled(state.steps[from]!))) expect.fail(`${message}: too early`);
    if (isSettled(state.steps[step.index]!)) expect.fail(`${message}: has settled`);
    if (command.type === 'evaluate') continue;
    if (input && command.index !== undefined && itemFailed(simulation, command))
      expect.fail(`${message}: an item has failed`);
    const settled = history.some(
      ({ event }) =>
        (event.event === 'item_completed' || event.event === 'item_failed') && sameRun(event, command),
    );
    if (settled) expect.fail(`${message}: the item has settled`);
    if (tasks.some((task) => task.type === 'attempt' && sameRun(task.ref, command)))
      expect.fail(`${message}: runs already`);
  }
}

/** Only a resumption starts items again then: those that were running. */
function itemFailed({ history }: Simulation, { step_id }: RunRef): boolean {
  return history.some(({ event }) => event.event === 'item_failed' && event.step_id === step_id);
}

function expectConcurrency({ definition, state, tasks }: Simulation): void {
  for (const { id, index, foreach } of definition.steps) {
    if (!foreach) continue;
    const running = tasks.filter((task) => task.type === 'attempt' && task.ref.step_id === id);
    const active: RunRef[] = Object.keys(state.steps[index]!.foreach?.active ?? {}).map((item) => ({
      step_id: id,
      index: Number(item),
    }));
    const items = new Set([
      ...running.map((task) => (task.type === 'attempt' ? task.ref.index : -1)),
      ...active.map((ref) => ref.index),
    ]);
    if (items.size > foreach.concurrency)
      expect.fail(`${id} runs ${[...items]}, more than ${foreach.concurrency}`);
  }
}

function expectNothingAfterStop({ state }: Simulation, { commands }: Turned): void {
  if (!state.stop) return;
  const started = commands.filter(
    ({ type }) => type === 'run' || type === 'evaluate' || type === 'resume' || type === 'set_timer',
  );
  if (started.length > 0) expect.fail(`A stopping execution starts ${JSON.stringify(started)}`);
}
