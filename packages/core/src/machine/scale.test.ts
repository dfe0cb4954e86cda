import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../model/event.ts';
import type { Step } from '../model/workflow.ts';
import { compileDefinition, type Definition } from './definition.ts';
import { evolve } from './evolve.ts';
import type { Input } from './input.ts';
import { initialState } from './state.ts';
import { isoTime } from './time.ts';
import { resume, transition } from './transition.ts';

const size = 20_000;
const handler = 'test.none';

const shapes: Record<string, Step[]> = {
  chain: Array.from({ length: size }, (_, i) => ({
    id: `s${i}`,
    handler,
    ...(i > 0 ? { dependencies: [`s${i - 1}`] } : {}),
  })),
  'chain of disabled steps': Array.from({ length: size }, (_, i) => ({
    id: `s${i}`,
    handler,
    enabled: false,
    ...(i > 0 ? { dependencies: [`s${i - 1}`] } : {}),
  })),
  'fan-out and fan-in': [
    { id: 'first', handler },
    ...Array.from({ length: size }, (_, i) => ({ id: `s${i}`, handler, dependencies: ['first'] })),
    { id: 'last', handler, dependencies: Array.from({ length: size }, (_, i) => `s${i}`) },
  ],
  foreach: [{ id: 'each', handler, foreach: [], concurrency: 100 }],
};

/** Counts how often a step's definition is looked at: the work that grows with the graph. */
function counted(definition: Definition): { definition: Definition; looks: () => number } {
  let looks = 0;
  const steps = new Proxy(definition.steps, {
    get(target, key, receiver) {
      if (typeof key === 'string' && key !== 'length') looks++;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  return { definition: { ...definition, steps }, looks: () => looks };
}

/** Runs a workflow whose every attempt succeeds, and replays it up to its middle. */
function run(steps: Step[]): { looks: number; events: number; inputs: number } {
  const { definition, looks } = counted(compileDefinition({ name: 'large', steps }));
  const state = initialState(definition);
  const replayed = initialState(definition);
  const queue: Input[] = [
    { type: 'start', workflow_id: 'large', workflow_version: '1.0.0', parameters: {}, at: 0 },
  ];
  const events: RecordedEvent[] = [];
  for (let i = 0; i < queue.length; i++) {
    const turned = transition(definition, state, queue[i]!);
    for (const event of turned.events) events.push(event);
    for (const command of turned.commands) {
      if (command.type === 'evaluate')
        queue.push({ ...command, type: 'evaluated', holds: true, total: size, at: 0 });
      if (command.type === 'run') queue.push({ ...command, type: 'succeeded', output: null, at: 0 });
    }
  }
  for (const event of events.slice(0, events.length / 2)) evolve(definition, replayed, event, isoTime(0));
  resume(definition, replayed, 0);
  expect(state).toMatchObject({ phase: 'completed', status: 'success' });
  return { looks: looks(), events: events.length, inputs: queue.length };
}

describe.each(Object.entries(shapes))('%s', (_, steps) => {
  test(`of ${size} ends without deep recursion, in work that grows with its size`, () => {
    const { looks, events, inputs } = run(steps);
    expect(events).toBeLessThan(2 * size + 10);
    expect(inputs).toBeLessThan(size + 10);
    expect(looks).toBeLessThan(20 * size);
  }, 60_000);
});
