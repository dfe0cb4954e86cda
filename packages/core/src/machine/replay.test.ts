import fc from 'fast-check';
import { test } from 'vitest';
import { expectEqual } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { expectSameFacts } from './testing/facts.ts';
import { anyChoices, anyPlan, anyStoppedPlan } from './testing/plan.ts';
import { replay, Simulation } from './testing/simulation.ts';

test('replaying the recorded events gives the same state, at the end and after every input', () => {
  fc.assert(
    fc.property(anyDocument, fc.oneof(anyPlan, anyStoppedPlan), anyChoices, (document, plan, choices) => {
      const simulation = new Simulation({ timeout: '1h', ...document }, plan, choices);
      while (simulation.state.phase !== 'completed') {
        simulation.advance();
        expectSameFacts(simulation.state, replay(simulation.definition, simulation.history));
      }
      expectEqual(replay(simulation.definition, simulation.history), simulation.state);
    }),
    { seed: 3, numRuns: 1000 },
  );
}, 60_000);
