import fc from 'fast-check';
import type { Step, WorkflowDocument } from '../../model/workflow.ts';

/** The ports that planned handlers emit. */
export const ports: readonly string[] = ['left', 'right'];

/** The codes that planned handlers fail with. */
export const codes: readonly string[] = ['BUSY', 'DOWN', 'FATAL'];

const names = ['a', 'B', 'c-1', 'd_2', '_e', 'f', 'g-g', 'H', 'i9', 'j', 'k', 'l'];

const sometimes = <T>(value: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

const duration = fc.constantFrom<string | number>(1, 50, '250ms', '2s', '1m');

const retry = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 4 }),
    delay: fc.constantFrom<string | number>(0, 10, '1s'),
    backoff: fc.constantFrom('fixed' as const, 'exponential' as const),
    factor: fc.integer({ min: 1, max: 3 }),
    max: fc.constantFrom<string | number>(15, '5s'),
    jitter: fc.boolean(),
    on: fc.subarray([...codes, 'WAIT_TIMEOUT', 'STEP_TIMEOUT']),
  },
  { requiredKeys: ['attempts'] },
);

/** Everything of a step but its place in the graph. */
const body = fc.record({
  join: sometimes(fc.constantFrom('all' as const, 'any' as const, 'done' as const), 6),
  when: sometimes(fc.constant(true)),
  required: sometimes(fc.boolean(), 2),
  enabled: sometimes(fc.boolean()),
  retry: sometimes(retry, 3),
  timeout: sometimes(duration),
  loop: fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    {
      weight: 2,
      arbitrary: fc.record({
        foreach: fc.constant([]),
        concurrency: sometimes(fc.integer({ min: 1, max: 4 }), 6),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        repeat: fc.record(
          { until: fc.constant('output'), max: fc.integer({ min: 1, max: 4 }), delay: duration },
          { requiredKeys: ['until'] },
        ),
      }),
    },
  ),
  compensate: sometimes(fc.constant({ handler: 'test.undo' }), 2),
});

/** Edges are drawn as numbers and bent to earlier steps, so that shrinking one step leaves the others as they are. */
const edge = fc.record({
  from: fc.nat({ max: 11 }),
  port: fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: fc.constant(':error') },
    { weight: 2, arbitrary: fc.constantFrom(...ports.map((port) => `:${port}`)) },
  ),
});

/** Valid documents: an acyclic graph of 1 to 12 steps in any order, with every feature that the machine knows. */
export const anyDocument: fc.Arbitrary<WorkflowDocument> = fc
  .record({
    steps: fc.array(fc.record({ body, edges: fc.array(edge, { maxLength: 4 }), rank: fc.nat() }), {
      minLength: 1,
      maxLength: 12,
    }),
    timeout: sometimes(fc.constant('1h')),
    output: sometimes(fc.constant(1), 2),
  })
  .map(({ steps, timeout, output }) => ({
    name: 'any',
    ...defined({ timeout, output }),
    steps: steps
      .map(({ body: { loop, ...rest }, edges, rank }, position) => ({
        rank,
        step: defined({
          id: names[position]!,
          handler: 'test.planned',
          dependencies: position === 0 ? undefined : dependencies(edges, position),
          ...rest,
          ...defined(loop),
        }) as unknown as Step,
      }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ step }) => step),
  }));

function dependencies(edges: readonly { from: number; port: string }[], position: number): string[] {
  return [...new Set(edges.map(({ from, port }) => `${names[from % position]}${port}`))];
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
