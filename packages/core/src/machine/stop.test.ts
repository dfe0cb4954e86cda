import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectAsModelled, expectEnded, expectOutcome, isSettlement, outcomesOf } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { expectExecution } from './testing/model.ts';
import { anyChoices, anyStoppedPlan } from './testing/plan.ts';
import { Simulation } from './testing/simulation.ts';
import { watch } from './testing/watch.ts';

test('a cancellation or a timeout at any moment ends the execution once what runs has reported', () => {
  fc.assert(
    fc.property(anyDocument, anyStoppedPlan, anyChoices, (document, plan, choices) => {
      const simulation = watch(new Simulation({ timeout: '1h', ...document }, plan, choices));
      const { definition, state } = simulation;
      let pending: string[] = [];
      while (state.phase !== 'completed') {
        const before = definition.steps
          .filter(({ index }) => state.steps[index]!.status === 'pending')
          .map(({ id }) => id);
        const stopped = state.stop !== undefined;
        simulation.advance();
        if (state.stop && !stopped) pending = before;
      }
      const expected = expectExecution(document, plan);
      if (!state.stop) return expectAsModelled(simulation, expected);

      expectEnded(simulation);
      const timeout = state.stop.cause === 'timeout';
      expect(state.status).toBe(timeout ? 'failed' : 'cancelled');
      expect(state.error?.code).toBe(timeout ? 'EXECUTION_TIMEOUT' : 'EXECUTION_CANCELLED');
      for (const [id, outcome] of Object.entries(outcomesOf(simulation))) {
        if (pending.includes(id))
          expect(outcome).toMatchObject({ status: 'skipped', reason: 'cancelled', output: null });
        else if (outcome.status !== 'cancelled') expectOutcome(id, outcome, expected.steps.get(id)!);
      }
      const since = simulation.history.findIndex(({ event }) => event.event === 'workflow_cancelling');
      const settled = simulation.history.slice(0, since).filter(({ event }) => isSettlement(event.event));
      for (const { event } of settled) expect(event).not.toMatchObject({ status: 'cancelled' });
    }),
    { seed: 7, numRuns: 1500 },
  );
}, 60_000);
