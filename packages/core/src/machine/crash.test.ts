import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectAsModelled, expectEnded } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { expectExecution } from './testing/model.ts';
import { anyChoices, anyPlan, anyStoppedPlan } from './testing/plan.ts';
import { Simulation } from './testing/simulation.ts';
import { watch } from './testing/watch.ts';

/** When the process ends, in inputs, and how many of the newest events had not reached the disk. */
const anyCrashes = fc.array(fc.record({ after: fc.integer({ min: 1, max: 60 }), lost: fc.nat({ max: 6 }) }), {
  minLength: 1,
  maxLength: 4,
});

function runWithCrashes(simulation: Simulation, crashes: readonly { after: number; lost: number }[]): void {
  const left = crashes.toSorted((a, b) => a.after - b.after);
  while (simulation.state.phase !== 'completed' || left.length > 0) {
    if (simulation.state.phase !== 'completed') simulation.advance();
    const ended = simulation.state.phase === 'completed';
    if (left[0] && (ended || simulation.inputs >= left[0].after)) {
      simulation.crash(Math.max(0, simulation.history.length - left.shift()!.lost));
    }
  }
}

test('crashes change no outcome and nothing that has settled runs again', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, anyCrashes, (document, plan, choices, crashes) => {
      const simulation = watch(new Simulation(document, plan, choices));
      runWithCrashes(simulation, crashes);
      expectAsModelled(simulation, expectExecution(document, plan));
    }),
    { seed: 4, numRuns: 1500 },
  );
}, 60_000);

test('a crash after any recorded event changes no outcome, be it in the midst of what one input gave', () => {
  fc.assert(
    fc.property(anyDocument, anyPlan, anyChoices, (document, plan, choices) => {
      const expected = expectExecution(document, plan);
      const total = new Simulation(document, plan, choices).run().history.length;
      for (let kept = 0; kept <= total; kept++) {
        const simulation = watch(new Simulation(document, plan, choices));
        while (simulation.history.length < kept) simulation.advance();
        simulation.crash(kept);
        expectAsModelled(simulation.run(), expected);
      }
    }),
    { seed: 5, numRuns: 60 },
  );
}, 60_000);

// A crash between a cancellation and its end may turn what would have ended well meanwhile into `cancelled`, and
// `attempts` then leaves out one that was under way, as starts are not recorded. A cancellation that was not
// recorded is sent again.
test('a stopped execution ends after crashes too', () => {
  fc.assert(
    fc.property(anyDocument, anyStoppedPlan, anyChoices, anyCrashes, (document, plan, choices, crashes) => {
      const simulation = watch(new Simulation({ timeout: '1h', ...document }, plan, choices));
      runWithCrashes(simulation, crashes);
      expectEnded(simulation);
      const { state } = simulation;
      if (!state.stop) return expectAsModelled(simulation, expectExecution(document, plan));
      expect(state.status).toBe(state.stop.cause === 'cancelled' ? 'cancelled' : 'failed');
    }),
    { seed: 6, numRuns: 1000 },
  );
}, 60_000);
