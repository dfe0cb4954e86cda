import type { JsonValue, Step, WorkflowDocument } from '@vwmp/core';
import type { Place } from './place.ts';
import { createRandom } from './random.ts';

/** What a worker is told. */
export interface ChaosArguments {
  place: Place;
  seed: number;
  /** Numbers of the jobs that it starts. It says of each when it was accepted: `accepted NUMBER EXECUTION`. */
  jobs: number[];
}

/** An execution that is to be started. */
export interface Job {
  workflow: string;
  /** Sent to it once it was accepted. */
  signal?: { name: string; payload: JsonValue };
  /** Its output in the end, whatever happens on the way. */
  output: JsonValue;
}

const set = (id: string, value: JsonValue, more: Partial<Step> = {}): Step => ({
  ...{ id, handler: 'core.set', config: { value } },
  ...more,
});

/** What is executed: small, and everything that can go wrong differently. */
const workflows: Readonly<
  Record<
    string,
    { steps: readonly Step[]; output: JsonValue; weight: number; job(n: number): Omit<Job, 'workflow'> }
  >
> = {
  chain: {
    weight: 10,
    steps: [
      set('a', '${parameters.n + 1}'),
      set('b', '${steps.a.output * 2}', { dependencies: ['a'] }),
      set('c', '${steps.b.output - 1}', { dependencies: ['b'] }),
    ],
    output: '${steps.c.output}',
    job: (n) => ({ output: (n + 1) * 2 - 1 }),
  },
  each: {
    weight: 3,
    steps: [set('a', '${item + parameters.n}', { foreach: [1, 2, 3], concurrency: 2 })],
    output: '${steps.a.output}',
    job: (n) => ({ output: [n + 1, n + 2, n + 3] }),
  },
  wait: {
    weight: 3,
    steps: [
      { id: 'a', handler: 'core.wait', config: { signal: 'go' } },
      set('b', '${steps.a.output + 1}', { dependencies: ['a'] }),
    ],
    output: '${steps.b.output}',
    job: (n) => ({ output: n + 1, signal: { name: 'go', payload: n } }),
  },
  parent: {
    weight: 1,
    steps: [
      {
        id: 'a',
        handler: 'core.workflow',
        config: { workflow: 'chain', parameters: { n: '${parameters.n}' } },
      },
    ],
    output: '${steps.a.output}',
    job: (n) => ({ output: (n + 1) * 2 - 1 }),
  },
  unlucky: {
    weight: 1,
    steps: [
      { id: 'a', handler: 'core.workflow', config: { workflow: 'failing', parameters: { n: 0 } } },
      set('b', '${steps.a.error.code}', { dependencies: ['a:error'] }),
    ],
    output: '${steps.b.output}',
    job: () => ({ output: 'CHILD_FAILED' }),
  },
  failing: {
    weight: 0,
    steps: [{ id: 'a', handler: 'core.fail', config: { code: 'NO_LUCK' } }],
    output: null,
    job: () => ({ output: null }),
  },
  elsewhere: {
    weight: 2,
    steps: [
      set('a', '${parameters.n + 1}', { queue: 'other' }),
      set('b', '${steps.a.output}', { dependencies: ['a'] }),
    ],
    output: '${steps.b.output}',
    job: (n) => ({ output: n + 1 }),
  },
  flaky: {
    weight: 2,
    steps: [
      { id: 'a', handler: 'core.fail', config: { until_attempt: 2 }, retry: { attempts: 2, delay: 20 } },
      set('b', '${parameters.n}', { dependencies: ['a'] }),
    ],
    output: '${steps.b.output}',
    job: (n) => ({ output: n }),
  },
  nap: {
    weight: 1,
    steps: [
      { id: 'a', handler: 'core.sleep', config: { duration: 30 } },
      set('b', '${parameters.n}', { dependencies: ['a'] }),
    ],
    output: '${steps.b.output}',
    job: (n) => ({ output: n }),
  },
  sleep: {
    weight: 1,
    steps: [
      { id: 'a', handler: 'core.sleep', config: { duration: 1500 } },
      set('b', '${parameters.n}', { dependencies: ['a'] }),
    ],
    output: '${steps.b.output}',
    job: (n) => ({ output: n }),
  },
};

/** The documents that are to be stored. */
export const chaosDocuments: readonly (WorkflowDocument & { id: string })[] = Object.entries(workflows).map(
  ([id, { steps, output }]) => ({
    ...{ id, name: id, steps, output },
    parameters: [{ name: 'n', type: 'integer' }],
  }),
);

const lots = Object.entries(workflows).flatMap(([id, { weight }]) =>
  Array.from({ length: weight }, () => id),
);

/** The n-th job of a seed. Its parameter is `n`. */
export function jobOf(seed: number, n: number): Job {
  const workflow = lots[Math.floor(createRandom(seed + n)() * lots.length)]!;
  return { workflow, ...workflows[workflow]!.job(n) };
}
