import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../model/event.ts';
import { evolve } from './evolve.ts';
import { initialState } from './state.ts';
import { expectAsModelled, expectEnded } from './testing/check.ts';
import { anyDocument } from './testing/document.ts';
import { Example, type ExampleStep } from './testing/example.ts';
import { expectExecution } from './testing/model.ts';
import { anyChoices, anyPlan, anyStoppedPlan } from './testing/plan.ts';
import { Simulation } from './testing/simulation.ts';
import { watch } from './testing/watch.ts';
import { isoTime } from './time.ts';
import { resume } from './transition.ts';

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

const stopping = {
  event: 'workflow_cancelling',
  cause: 'cancelled',
  error: { code: 'EXECUTION_CANCELLED', message: 'Enough.' },
} as const;

function statusesAfter(steps: ExampleStep[], events: readonly RecordedEvent[]): Record<string, string> {
  const example = new Example(steps);
  const { definition, state } = example;
  Object.assign(state, initialState(definition), { phase: 'running' });
  for (const event of events) evolve(definition, state, event, isoTime(0));
  expect(resume(definition, state, 0).commands).toEqual([{ type: 'finish' }]);
  return example.steps;
}

test('what was running when the process ended in the midst of a stop is cancelled, the rest skipped', () => {
  const steps = [{ id: 'a' }, { id: 'b', dependencies: ['a'] }, { id: 'c', dependencies: ['a', 'b'] }];
  const done = {
    event: 'step_completed',
    step_id: 'a',
    status: 'success',
    output: 1,
    attempts: 1,
    started_at: '',
    duration_ms: 0,
  } as const;
  expect(statusesAfter(steps, [done, stopping])).toEqual({
    a: 'success',
    b: 'cancelled',
    c: 'skipped: cancelled',
  });
});

test('a stop that was recorded in part goes on: what it ended itself starts nothing', () => {
  const steps: ExampleStep[] = [{ id: 'a' }, { id: 'b', dependencies: ['a'], join: 'done' }];
  const ended = {
    event: 'step_cancelled',
    step_id: 'a',
    status: 'cancelled',
    attempts: 1,
    started_at: '',
    duration_ms: 0,
  } as const;
  expect(statusesAfter(steps, [stopping, ended])).toEqual({ a: 'cancelled', b: 'skipped: cancelled' });
});
