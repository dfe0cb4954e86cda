import type { Step } from '@vwmp/core';
import fc from 'fast-check';
import type { Document } from './stored-documents.ts';

const names = ['a', 'B', 'c-1', 'd_2', '_e', 'f', 'g-g', 'H'];

const sometimes = <T>(value: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

const kinds = [
  'set',
  'read',
  'fail',
  'flaky',
  'switch',
  'sleep',
  'wait',
  'late',
  'approval',
  'undecided',
  'child',
  'child',
  'child',
  'pair',
  'loose',
  'impatient',
  'impatient',
  'each',
  'emit',
  'work',
  'work',
  'nap',
  'hang',
  'secret',
] as const;
type Kind = (typeof kinds)[number];

/** One is not there. For those whose end depends on others {@link predictable} takes others. */
const childIds: readonly string[] = [
  'c-skip',
  'c-newest',
  'c-set',
  'c-fail',
  'c-wait',
  'c-sleep',
  'c-deep',
  'c-limited',
  'c-undo',
  'c-missing',
];

const body = fc.record({
  kind: fc.constantFrom(...kinds),
  n: fc.nat(999),
  edges: fc.array(fc.record({ from: fc.nat(9), port: fc.nat(9) }), { maxLength: 3 }),
  join: sometimes(fc.constantFrom('all' as const, 'any' as const, 'done' as const), 6),
  when: sometimes(
    fc.constantFrom<string | boolean>(
      '${1 < 2}',
      '${1 > 2}',
      '${parameters.n == 3}',
      '${config.n == 1}',
      true,
    ),
  ),
  required: sometimes(fc.boolean(), 2),
  enabled: sometimes(fc.boolean()),
  retry: sometimes(
    fc.record({
      attempts: fc.integer({ min: 1, max: 3 }),
      delay: fc.constantFrom<string | number>(0, 10, '1500ms', '1m'),
      backoff: fc.constantFrom('fixed' as const, 'exponential' as const),
      jitter: fc.boolean(),
    }),
    3,
  ),
  loop: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    {
      weight: 2,
      arbitrary: fc.record({
        items: fc.nat(4),
        concurrency: fc.integer({ min: 1, max: 4 }),
        nested: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        rounds: fc.integer({ min: 1, max: 3 }),
        delay: fc.constantFrom<string | number>(0, 20, '2s'),
      }),
    },
  ),
  compensate: sometimes(fc.nat(5), 2),
  queue: sometimes(fc.constantFrom('far', 'near'), 2),
});
type Body = typeof body extends fc.Arbitrary<infer T> ? T : never;

export const anyDocument: fc.Arbitrary<Document> = fc
  .record({
    bodies: fc.array(body, { minLength: 1, maxLength: 7 }),
    concurrency: sometimes(
      fc.record({
        limit: fc.integer({ min: 1, max: 2 }),
        policy: fc.constantFrom('queue', 'skip', 'cancel'),
      }),
      2,
    ),
    timeout: sometimes(fc.constantFrom('3s', '70s')),
    output: sometimes(fc.nat(9), 3),
  })
  .map(({ bodies, concurrency, timeout, output }) => {
    const steps = bodies.map((each, at) => stepOf(each, at, bodies));
    return {
      id: 'w',
      name: 'w',
      config: { n: 2, list: [{ k: [{ v: 1 }] }, { k: [] }] },
      parameters: [
        { name: 'n', type: 'integer', default: 3 },
        { name: 'token', type: 'secret', default: 'hunter2-hunter2' },
      ],
      ...(concurrency && { concurrency: { key: 'k${parameters.n}', ...concurrency } }),
      ...(timeout && { timeout }),
      ...(output !== undefined && {
        output: {
          last: `\${steps["${steps[output % steps.length]!.id}"].output}`,
          s: `\${steps["${steps[0]!.id}"].status}`,
        },
      }),
      steps,
    } as Document;
  });

/** The document without what lets its outcome depend on when something happens. */
export function predictable(document: Document): Document {
  const { timeout: _, concurrency, ...rest } = document;
  const steps = rest.steps.map((step) => {
    const same = JSON.parse(JSON.stringify(step).replaceAll(/c-skip|c-newest/g, 'c-limited')) as Step;
    // What undoes it has its timeout, and takes turns of the event loop while the clock may move on.
    if (same.timeout !== undefined && same.compensate?.handler === 'test.work')
      same.compensate.config = { ...(same.compensate.config as object), ticks: 0 };
    return same;
  });
  return { ...rest, steps, ...(concurrency && { concurrency: { ...concurrency, policy: 'queue' } }) };
}

function stepOf(b: Body, at: number, all: readonly Body[]): Step {
  const id = names[at]!;
  const edges =
    at === 0
      ? []
      : b.edges.map(({ from, port }) => {
          const source = from % at;
          const ports = all[source]!.loop ? [] : portsOf(all[source]!.kind);
          return {
            from: names[source]!,
            port: port < 5 ? '' : port < 7 ? ':error' : ports.length ? `:${ports[port % ports.length]}` : '',
          };
        });
  const dependencies = [...new Set(edges.map(({ from, port }) => from + port))];
  const item = b.loop && 'items' in b.loop;
  const repeat = b.loop && 'rounds' in b.loop;
  const suffix = item ? '_${index}' : '';
  const upstream = edges[b.n % Math.max(edges.length, 1)]?.from;
  const { handler, config, timeout } = action(b, id, suffix, upstream, !!b.loop);
  const undo = b.compensate;
  return defined({
    id,
    handler,
    config,
    timeout,
    dependencies: dependencies.length ? dependencies : undefined,
    join: b.join,
    when: b.when,
    required: b.required,
    enabled: b.enabled,
    retry: b.retry,
    queue: b.queue,
    ...(item &&
      'items' in b.loop! && {
        foreach: b.loop.nested
          ? upstream && all.find((each, i) => names[i] === upstream && each.kind === 'each' && !each.loop)
            ? `\${steps["${upstream}"].output}`
            : '${config.list}'
          : Array.from({ length: b.loop.items }, (_, i) => ({ i })),
        concurrency: b.loop.concurrency,
      }),
    ...(repeat &&
      'rounds' in b.loop! && {
        repeat: {
          until: b.kind === 'work' || b.kind === 'set' ? `\${output >= ${b.loop.rounds - 1}}` : '${1 < 2}',
          max: 3,
          delay: b.loop.delay,
        },
      }),
    compensate:
      undo === undefined
        ? undefined
        : undo === 0
          ? { handler: 'core.fail' }
          : undo === 1
            ? { handler: 'core.workflow', config: { workflow: 'c-set', wait: false } }
            : { handler: 'test.work', config: { ticks: undo, value: `\${steps["${id}"].output}` } },
  }) as Step;
}

function portsOf(kind: Kind): string[] {
  if (kind === 'switch') return ['left', 'right'];
  if (kind === 'approval' || kind === 'undecided') return ['approved', 'rejected'];
  return [];
}

function action(
  { kind, n }: Body,
  id: string,
  suffix: string,
  upstream: string | undefined,
  loop: boolean,
): Partial<Step> & { handler: string } {
  switch (kind) {
    case 'set':
      return { handler: 'core.set', config: { value: loop ? '${index}' : { n } } };
    case 'read':
      return {
        handler: 'core.set',
        config: {
          value: upstream
            ? [`\${steps["${upstream}"].output}`, `\${steps["${upstream}"].status}`]
            : '${parameters.n}',
        },
      };
    case 'secret':
      return {
        handler: n % 2 ? 'core.set' : 'test.work',
        config: { value: 'it is ${parameters.token}', ...(n % 2 ? {} : { ticks: 1 }) },
      };
    case 'fail':
      return { handler: 'core.fail', config: { code: 'BUSY', retryable: n % 2 === 0 } };
    case 'flaky':
      return { handler: 'core.fail', config: { until_attempt: 2 } };
    case 'switch':
      return {
        handler: 'core.switch',
        config: {
          value: n % 3,
          cases: [
            { equals: 0, port: 'left' },
            { equals: 1, port: 'right' },
          ],
        },
      };
    case 'sleep':
      return { handler: 'core.sleep', config: { duration: [1, 900, 1500, '5s', '2m'][n % 5] } };
    case 'wait':
      return { handler: 'core.wait', config: { signal: `s_${id}${suffix}` } };
    case 'late':
      return { handler: 'core.wait', config: { signal: 'never', timeout: [5, '4s'][n % 2] } };
    case 'approval':
      return { handler: 'core.approval', config: { prompt: n % 2 ? 'yes' : 'no' } };
    case 'undecided':
      return { handler: 'core.approval', config: { prompt: 'late', timeout: '3s' } };
    case 'child':
      return { handler: 'core.workflow', config: { workflow: childIds[n % childIds.length] } };
    case 'impatient':
      return { handler: 'core.workflow', config: { workflow: 'c-never' }, timeout: [20, '2s', '5s'][n % 3]! };
    case 'pair':
      return {
        handler: 'test.pair',
        config: { workflows: [childIds[n % childIds.length], childIds[(n >> 4) % childIds.length]] },
      };
    case 'each':
      return {
        handler: 'core.set',
        config: { value: [n, { k: upstream ? `\${steps["${upstream}"].status}` : [] }] },
      };
    case 'loose':
      return { handler: 'core.workflow', config: { workflow: childIds[n % childIds.length], wait: false } };
    case 'emit':
      // The same that others send, so that it does not matter which comes first.
      return {
        handler: 'core.emit',
        config: { signal: `s_${names[n % 8]}`, payload: `s_${names[n % 8]}` },
      };
    case 'work':
      return {
        handler: 'test.work',
        config: { ticks: n % 6, value: loop ? '${index}' : n, ...(n % 4 === 0 && { fails: n % 3 }) },
      };
    case 'nap':
      return { handler: 'test.nap', config: { length: [5, 800, 3000][n % 3] } };
    case 'hang':
      return { handler: 'test.nap', config: { length: 1e9, deaf: n % 3 === 0 }, timeout: [20, '2s'][n % 2]! };
  }
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
