import { describe, expect, test, vi } from 'vitest';
import { parseDocument } from './parse.ts';
import { testCatalog } from './testing/catalog.ts';
import { type Found, found, set, withDocument, withSteps } from './testing/documents.ts';
import { validateWorkflow } from './validate.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

describe('form', () => {
  test.each<[string, unknown, Found[]]>([
    ['no mapping', [1], [['TYPE', '']]],
    [
      'nothing in it',
      {},
      [
        ['REQUIRED', 'name'],
        ['REQUIRED', 'steps'],
      ],
    ],
    [
      'an unknown key with a near one',
      withDocument({ timeot: '1s' }),
      [['UNKNOWN_KEY', 'timeot', 'timeout']],
    ],
    ['an unknown key with none', withDocument({ zzz: 1 }), [['UNKNOWN_KEY', 'zzz']]],
    [
      'an unknown key of a step',
      withSteps({ dependecies: [] }),
      [['UNKNOWN_KEY', 'steps.s0.dependecies', 'dependencies']],
    ],
    [
      'an inherited name as a key',
      withDocument({ toString: 1, hasOwnProperty: 2 }),
      [
        ['UNKNOWN_KEY', 'toString'],
        ['UNKNOWN_KEY', 'hasOwnProperty'],
      ],
    ],
    ['a number for a name', withDocument({ name: 5 }), [['TYPE', 'name']]],
    ['an empty name', withDocument({ name: ' ' }), [['REQUIRED', 'name']]],
    ['an id that is no slug', withDocument({ id: 'My Flow' }), [['VALUE', 'id']]],
    ['an id that is too long', withDocument({ id: 'a'.repeat(65) }), [['VALUE', 'id']]],
    ['a version that is not semantic', withDocument({ version: '1.2' }), [['VALUE', 'version']]],
    ['a version read as a number', withDocument({ version: 1.2 }), [['TYPE', 'version']]],
    ['an unknown type', withDocument({ type: 'relaese' }), [['UNKNOWN_TYPE', 'type', 'release']]],
    ['durations', withDocument({ timeout: '5 minutes' }), [['DURATION', 'timeout']]],
    ['a negative duration', withSteps({ timeout: -1 }), [['DURATION', 'steps.s0.timeout']]],
    ['a step that is no mapping', { name: 'x', steps: ['a'] }, [['TYPE', 'steps.0']]],
    [
      'a step without id and handler',
      { name: 'x', steps: [{}] },
      [
        ['REQUIRED', 'steps.0.id'],
        ['REQUIRED', 'steps.0.handler'],
      ],
    ],
    ['a step id with a space', withSteps({ id: 'a b' }), [['VALUE', 'steps.a b.id']]],
    ['a wrong join', withSteps({ join: 'al' }), [['VALUE', 'steps.s0.join', 'all']]],
    [
      'no attempts',
      withSteps({ retry: { attempts: 0, factor: 0.5, backof: 'fixed' } }),
      [
        ['VALUE', 'steps.s0.retry.attempts'],
        ['VALUE', 'steps.s0.retry.factor'],
        ['UNKNOWN_KEY', 'steps.s0.retry.backof', 'backoff'],
      ],
    ],
    ['half a repeat', withSteps({ repeat: { until: 'true', max: 1.5 } }), [['VALUE', 'steps.s0.repeat.max']]],
    [
      'concurrency of nothing',
      withSteps({ foreach: [1], concurrency: 0 }),
      [['VALUE', 'steps.s0.concurrency']],
    ],
    [
      'a limit without key',
      withDocument({ concurrency: { limit: 0, policy: 'wait' } }),
      [
        ['REQUIRED', 'concurrency.key'],
        ['VALUE', 'concurrency.limit'],
        ['VALUE', 'concurrency.policy'],
      ],
    ],
    ['a trigger that is neither', withDocument({ triggers: [{ cron: 'x' }] }), [['TYPE', 'triggers.0']]],
    [
      'foreach and repeat',
      withSteps({ foreach: [1], repeat: { until: 'true' } }),
      [['LOOP_CONFLICT', 'steps.s0.repeat']],
    ],
    [
      'values without JSON form',
      withSteps({ config: { value: { f: () => 1, n: Number.NaN, d: new Date() } } }),
      [
        ['VALUE', 'steps.s0.config.value.f'],
        ['VALUE', 'steps.s0.config.value.n'],
        ['VALUE', 'steps.s0.config.value.d'],
      ],
    ],
    [
      'too many steps',
      { name: 'x', steps: Array.from({ length: 20_001 }, (_, n) => ({ id: `a${n}`, ...set })) },
      [['LIMIT', 'steps']],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document).sort()).toEqual(expected.sort());
  });

  test('keys without a value count as missing values, not as defaults', () => {
    const { problems } = validateWorkflow(
      parseDocument('name: x\nsteps:\n  - id: a\n    handler: core.set\n    dependencies:\n'),
      testCatalog,
    );
    expect(problems).toEqual([
      expect.objectContaining({ code: 'TYPE', path: 'steps.a.dependencies', line: 5, column: 5 }),
    ]);
  });

  test('a document that holds itself', () => {
    const document: Record<string, unknown> = withSteps({});
    document.config = document;
    expect(found(document)).toEqual([['LIMIT', expect.any(String)]]);
  });
});

test('problems are in the order of the document and bounded in number', () => {
  const document = {
    name: 'x',
    steps: Array.from({ length: 5000 }, (_, n) => ({ id: `s${n}`, handler: 'no.such', more: n })),
  };
  for (const given of [document, parseDocument(JSON.stringify(document))]) {
    const { problems } = validateWorkflow(given, testCatalog);
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toEqual({
      code: 'LIMIT',
      path: '',
      message: 'There are 9000 more problems. Solve these first.',
    });
    expect(problems.slice(0, 4).map(({ path }) => path)).toEqual([
      'steps.s0.handler',
      'steps.s0.more',
      'steps.s1.handler',
      'steps.s1.more',
    ]);
  }
});

test('10,000 steps, each reading a far one, and a chain of 20,000', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    id: `s${n}`,
    ...set,
    config: { value: n > 1 ? `\${steps.s${n >> 1}.output + 1}` : 1 },
    dependencies: n > 0 ? [`s${n - 1}`] : [],
  }));
  const started = performance.now();
  expect(found({ name: 'x', steps: many })).toEqual([]);
  const chain = Array.from({ length: 20_000 }, (_, n) => ({
    id: `s${n}`,
    ...set,
    dependencies: [`s${(n + 1) % 20_000}`],
  }));
  expect(found({ name: 'x', steps: chain })).toEqual([['DEPENDENCY_CYCLE', 'steps.s0']]);
  // 0.3 s and 0.2 s when nothing else runs.
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('words of other workflow languages lead to ours', () => {
  const step = { id: 'a', handler: 'core.set', config: { value: 1 }, dependsOn: [], retries: 3, if: 'true' };
  const { problems } = validateWorkflow({ name: 'x', jobs: 1, steps: [step] });
  const found = problems.flatMap(({ code, path, suggestion }) =>
    code === 'UNKNOWN_KEY' ? [[path, suggestion]] : [],
  );
  expect(found).toEqual(
    expect.arrayContaining([
      ['jobs', 'steps'],
      ['steps.a.dependsOn', 'dependencies'],
      ['steps.a.retries', 'retry'],
      ['steps.a.if', 'when'],
    ]),
  );
});

test('what is wrong many times among many names costs what it says, not its product', () => {
  const cases = Array.from({ length: 3000 }, (_, n) => ({ equals: n, port: `p${n}` }));
  const dependencies = Array.from({ length: 5000 }, (_, n) => `s0:q${n}`);
  const { problems } = validateWorkflow(
    withSteps({ handler: 'core.switch', config: { cases } }, { dependencies }),
    testCatalog,
  );
  expect(problems[0]).toMatchObject({ code: 'UNKNOWN_PORT', suggestion: 's0:p0' });
  expect(problems[0]!.message).toMatch(/^.* "s0", which has "p0", .*"p19" and 2981 more only\./);
  expect(problems).toHaveLength(1001);
});
