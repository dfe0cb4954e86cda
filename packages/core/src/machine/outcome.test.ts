import fc from 'fast-check';
import { test } from 'vitest';
import { expectAsModelled, expectEqual } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { expectExecution } from './testing/model.ts';
import { anyChoices, anyPlan } from './testing/plan.ts';
import { Simulation } from './testing/simulation.ts';
import { watch } from './testing/watch.ts';

test('every execution ends as the language says, whatever the order in which things end', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, (document, plan, choices) => {
      const simulation = watch(new Simulation(document, plan, choices));
      expectAsModelled(simulation.run(), expectExecution(document, plan));
    }),
    { seed: 1, numRuns: 2000 },
  );
}, 60_000);

test('the state is plain data: an execution goes on from a JSON copy of it, after every input', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, (document, plan, choices) => {
      const simulation = new Simulation(document, plan, choices);
      while (simulation.state.phase !== 'completed') {
        simulation.advance();
        const copy = JSON.parse(JSON.stringify(simulation.state)) as typeof simulation.state;
        expectEqual(copy, simulation.state);
        simulation.state = copy;
      }
      expectAsModelled(simulation, expectExecution(document, plan));
    }),
    { seed: 2, numRuns: 1000 },
  );
}, 60_000);
