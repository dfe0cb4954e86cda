import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input } from './input.ts';
import { expectAsModelled, isParked, runNamed } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { expectExecution } from './testing/model.ts';
import { anyChoices, anyPlan } from './testing/plan.ts';
import { Simulation } from './testing/simulation.ts';
import { transition } from './transition.ts';

/** Inputs of no use at any time of an execution without stop. */
function useless(simulation: Simulation): Input[] {
  const { clock: at, definition, state, tasks } = simulation;
  const error = { code: 'LATE', message: 'Late.' };
  const undoing = tasks.flatMap((task) => (task.type === 'compensate' ? task.step_id : []));
  return [
    { type: 'timer', key: 'nobody', random: 0, at },
    { type: 'timer', key: 'nobody:3', random: 0, at },
    { type: 'evaluated', step_id: 'nobody', holds: true, at },
    { type: 'resume', step_id: 'constructor', payload: 1, at },
    ...definition.steps.flatMap(({ id: step_id, index }): Input[] => {
      const late: Input[] = [
        { type: 'failed', step_id, attempt: 999, error, random: 0, at },
        { type: 'succeeded', step_id, iteration: 999, output: 'late', at },
        { type: 'succeeded', step_id, index: 99, output: 'late', at },
        { type: 'cancelled', step_id, at },
        { type: 'timer', key: `${step_id}:77`, random: 0, at },
      ];
      if (!undoing.includes(step_id)) late.push({ type: 'compensated', step_id, at });
      const { run, foreach, status } = state.steps[index]!;
      if (!run || run.wait || run.due !== undefined)
        late.push({ type: 'failed', step_id, error, random: 0, at });
      if (run?.wait?.kind === 'signal' || run?.wait?.kind === 'timer')
        late.push({ type: 'resume', step_id, payload: 'late', at });
      if (run || foreach || status !== 'running') late.push({ type: 'evaluated', step_id, holds: false, at });
      return late;
    }),
  ];
}

/** True when an input that was of use before is of none now. */
function isOver(simulation: Simulation, input: Input): boolean {
  if (input.type === 'signal') return false;
  if (input.type === 'resume' || input.type === 'timer') return !isParked(simulation, input);
  if (input.type !== 'suspended') return true;
  const run = runNamed(simulation, input);
  return run?.attempt !== input.attempt || run?.wait !== undefined || run?.due !== undefined;
}

test('inputs that no longer fit change nothing: late, twice, of given-up attempts, for nobody', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, (document, plan, choices) => {
      const simulation = new Simulation(document, plan, choices);
      const seen: Input[] = [];
      simulation.observe = ({ input }) => {
        if (input) seen.push(input);
      };
      while (simulation.state.phase !== 'completed') {
        simulation.advance();
        const { definition, state, clock } = simulation;
        const past = seen
          .filter((input) => isOver(simulation, input))
          .map((input) => ({ ...input, at: clock }));
        const before = JSON.stringify(state);
        for (const input of [...past.slice(-20), ...useless(simulation)]) {
          const { events, commands } = transition(definition, state, input);
          if (events.length + commands.length > 0) {
            expect({ events, commands }, JSON.stringify(input)).toEqual({ events: [], commands: [] });
          }
        }
        if (JSON.stringify(state) !== before) expect(state).toEqual(JSON.parse(before));
      }
      expectAsModelled(simulation, expectExecution(document, plan));
    }),
    { seed: 8, numRuns: 1000 },
  );
}, 60_000);

test('a signal that nobody waits for changes no outcome', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, (document, plan, choices) => {
      const simulation = new Simulation(document, plan, choices);
      while (simulation.state.phase !== 'completed') {
        simulation.advance();
        if (simulation.choose(3) === 0)
          simulation.feed({ type: 'signal', signal: '__proto__', payload: { x: 1 } });
      }
      expectAsModelled(simulation, expectExecution(document, plan));
    }),
    { seed: 9, numRuns: 1000 },
  );
}, 60_000);
