import { describe, expect, test, vi } from 'vitest';
import { corePlugin } from '../handlers/index.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import type { Catalog } from './catalog.ts';
import { checkDocument, readDocument } from './check-document.ts';
import { cronFault } from './cron.ts';
import { parseDocument } from './parse.ts';
import { testCatalog } from './testing/catalog.ts';
import { validateWorkflow } from './validate.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

type Found = [code: string, path: string, suggestion?: string];

const found = (document: unknown, catalog: Catalog | undefined = testCatalog): Found[] =>
  validateWorkflow(document, catalog).problems.map(({ code, path, suggestion }) =>
    suggestion === undefined ? [code, path] : [code, path, suggestion],
  );

const set = { handler: 'core.set' };
const withSteps = (...steps: object[]) => ({
  name: 'x',
  steps: steps.map((step, index) => ({ id: `s${index}`, ...set, ...step })),
});
const withDocument = (rest: object) => ({ ...withSteps({}), ...rest });
const withParameter = (parameter: object) =>
  withDocument({ parameters: [{ name: 'p', type: 'string', ...parameter }] });

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

describe('edges', () => {
  test.each<[string, unknown, Found[]]>([
    [
      'a step that is not there',
      withSteps({}, { dependencies: ['so'] }),
      [['UNKNOWN_DEPENDENCY', 'steps.s1.dependencies.0', 's0']],
    ],
    [
      'a port that is not there',
      withSteps({ handler: 'test.any' }, { dependencies: ['s0:yess'] }),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.0', 's0:yes']],
    ],
    [
      'a port of a handler without any',
      withSteps({}, { dependencies: ['s0:done'] }),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.0']],
    ],
    ['the error port is always there', withSteps({}, { dependencies: ['s0:error', 's0'] }), []],
    [
      'ports by config',
      withSteps(
        { handler: 'core.switch', config: { cases: [{ port: 'a' }], default: 'b' } },
        { dependencies: ['s0:a', 's0:b', 's0:c'] },
      ),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.2']],
    ],
    [
      'ports of a loop over items, of which each may emit another',
      withSteps(
        { handler: 'test.any', foreach: [1], config: {} },
        { dependencies: ['s0', 's0:error', 's0:yes'] },
      ),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.2']],
    ],
    [
      'ports that only an expression knows',
      withSteps(
        { handler: 'core.switch', config: { cases: [{ port: '${config.x}' }] } },
        { dependencies: ['s0:c'] },
      ),
      [],
    ],
    [
      'ports of a config that is wrong',
      withSteps({ handler: 'core.switch', config: {} }, { dependencies: ['s0:c'] }),
      [],
    ],
    ['itself', withSteps({ dependencies: ['s0'] }), [['DEPENDENCY_CYCLE', 'steps.s0']]],
    [
      'two circles, each told once',
      withSteps(
        { dependencies: ['s2'] },
        { dependencies: ['s3'] },
        { dependencies: ['s0'] },
        { dependencies: ['s1'] },
      ),
      [
        ['DEPENDENCY_CYCLE', 'steps.s0'],
        ['DEPENDENCY_CYCLE', 'steps.s1'],
      ],
    ],
    [
      'a step twice',
      withSteps({ id: 'a' }, { id: 'a' }, { id: 'a' }),
      [
        ['DUPLICATE_STEP_ID', 'steps.a'],
        ['DUPLICATE_STEP_ID', 'steps.a'],
      ],
    ],
    [
      'something that is no edge',
      withSteps({ dependencies: ['a b', 5, ''] }),
      [
        ['VALUE', 'steps.s0.dependencies.0'],
        ['TYPE', 'steps.s0.dependencies.1'],
        ['VALUE', 'steps.s0.dependencies.2'],
      ],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document)).toEqual(expected);
  });

  test('messages say what, where and what to do', () => {
    const { problems } = validateWorkflow(
      withSteps({ id: 'now' }, { id: 'b', dependencies: ['nowhere'] }, { id: 'c', dependencies: ['nov'] }),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'Step "b" depends on "nowhere", which does not exist.',
      'Step "c" depends on "nov", which does not exist. Did you mean "now"?',
    ]);
    const [circle] = validateWorkflow(
      withSteps(
        { id: 'a', dependencies: ['c'] },
        { id: 'b', dependencies: ['a'] },
        { id: 'c', dependencies: ['b'] },
      ),
    ).problems;
    expect(circle?.message).toBe(
      'Step "a" depends on itself by way of others: a → c → b → a. Remove one of these dependencies.',
    );
  });
});

describe('handlers and config', () => {
  const http = (config: object) => withSteps({ handler: 'http.request', config });
  test.each<[string, unknown, Found[]]>([
    [
      'an unknown handler',
      withSteps({ handler: 'core.sett' }),
      [['UNKNOWN_HANDLER', 'steps.s0.handler', 'core.set']],
    ],
    [
      'an unknown handler of a compensation',
      withSteps({ compensate: { handler: 'x.y' } }),
      [['UNKNOWN_HANDLER', 'steps.s0.compensate.handler']],
    ],
    ['a missing property', http({}), [['CONFIG_INVALID', 'steps.s0.config.url']]],
    [
      'no config where one is needed',
      withSteps({ handler: 'http.request' }),
      [['CONFIG_INVALID', 'steps.s0.config.url']],
    ],
    [
      'an unknown property, a wrong value',
      http({ url: 'a', metod: 'GET', method: 'PSOT' }),
      [
        ['CONFIG_INVALID', 'steps.s0.config.metod', 'method'],
        ['CONFIG_INVALID', 'steps.s0.config.method', 'POST'],
      ],
    ],
    [
      'a template of any type',
      http({ url: '${config.u}', timeout: '${config.t}', method: '${config.m}' }),
      [],
    ],
    [
      'a text is no number',
      http({ url: 'a', timeout: '${config.t} s' }),
      [['CONFIG_INVALID', 'steps.s0.config.timeout']],
    ],
    ['a text may be one of the words', http({ url: 'a', method: 'P${config.m}' }), []],
    [
      'a template in an anyOf',
      withSteps({ handler: 'core.sleep', config: { duration: '${config.d}s' } }),
      [],
    ],
    [
      'an unknown property with a template',
      http({ url: 'a', x: '${config.t}' }),
      [['CONFIG_INVALID', 'steps.s0.config.x']],
    ],
    [
      'a compensation that waits, which none can',
      withSteps(
        { compensate: { handler: 'core.sleep', config: { duration: '1s' } } },
        { handler: 'core.sleep', config: { duration: '1s' } },
      ),
      [['VALUE', 'steps.s0.compensate.handler']],
    ],
    [
      'a compensation',
      withSteps({ compensate: { handler: 'http.request', config: { url: 5 } } }),
      [['CONFIG_INVALID', 'steps.s0.compensate.config.url']],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document).sort()).toEqual(expected.sort());
  });

  test('without a catalog nothing is said about them', () => {
    expect(
      validateWorkflow({
        ...withSteps({ handler: 'x.y', config: { a: 1 } }, { dependencies: ['s0:p'] }),
        type: 'any',
      }).problems,
    ).toEqual([]);
  });
});

describe('expressions', () => {
  test.each<[string, unknown, Found[]]>([
    [
      'syntax',
      withSteps({ config: { value: ['${1 +}'] } }),
      [['EXPRESSION_SYNTAX', 'steps.s0.config.value.0']],
    ],
    [
      'an unknown name',
      withSteps({ config: { value: '${parameter.x}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value', 'parameters']],
    ],
    [
      'a step that is not there',
      withSteps({ config: { value: '${steps.sO.output}' } }),
      [['UNKNOWN_STEP', 'steps.s0.config.value', 's0']],
    ],
    [
      'a parameter that is not declared',
      {
        ...withSteps({ when: 'parameters.regoin == 1', config: { value: '${parameters.region}' } }),
        parameters: [{ name: 'region', type: 'string' }],
        output: '${has(parameters.zone) ? size(parameters["regio"]) : 1}',
      },
      [
        ['PARAMETER_UNKNOWN', 'steps.s0.when', 'region'],
        ['PARAMETER_UNKNOWN', 'output'],
        ['PARAMETER_UNKNOWN', 'output', 'region'],
      ],
    ],
    [
      'itself',
      withSteps({ config: { value: '${steps.s0.output}' } }),
      [['NOT_UPSTREAM', 'steps.s0.config.value']],
    ],
    [
      'further up',
      withSteps(
        {},
        { dependencies: ['s0'] },
        { dependencies: ['s1:error'], config: { value: '${steps.s0.output}' } },
      ),
      [],
    ],
    [
      'downstream',
      withSteps({ config: { value: '${steps.s1.output}' } }, { dependencies: ['s0'] }),
      [['NOT_UPSTREAM', 'steps.s0.config.value']],
    ],
    [
      'item outside of a foreach',
      withSteps({ config: { value: '${item}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value']],
    ],
    [
      'item and index in a foreach',
      withSteps({ foreach: '${[1]}', config: { value: '${item}${index}' } }),
      [],
    ],
    [
      'but not in its list or condition',
      withSteps({ foreach: '${item}', when: 'index > 1' }),
      [
        ['UNKNOWN_NAME', 'steps.s0.foreach'],
        ['UNKNOWN_NAME', 'steps.s0.when'],
      ],
    ],
    [
      'index in a repeat, output in its end',
      withSteps({ repeat: { until: '${output > index}' }, config: { value: '${index}' } }),
      [],
    ],
    [
      'output elsewhere',
      withSteps({ config: { value: '${output}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value']],
    ],
    ['a condition that is none', withSteps({ when: '${1 + 1}' }), [['EXPRESSION_TYPE', 'steps.s0.when']]],
    ['a bare condition', withSteps({ when: 'parameters.x > 1' }, { when: false }), []],
    [
      'a compensation reads its own step',
      withSteps({ compensate: { ...set, config: { value: '${steps.s0.output}' } } }),
      [],
    ],
    [
      'but no other',
      withSteps({ compensate: { ...set, config: { value: '${steps.s1.output}' } } }, {}),
      [['NOT_UPSTREAM', 'steps.s0.compensate.config.value']],
    ],
    [
      'the output reads every step',
      { ...withSteps({}, {}), output: { a: '${steps.s1.output}', b: '${steps.s9}' } },
      [['UNKNOWN_STEP', 'output.b', 's0']],
    ],
    [
      'the key reads no step and no secret',
      withDocument({ concurrency: { key: '${steps.s0.output}${secrets.a}${parameters.b}' } }),
      [
        ['UNKNOWN_NAME', 'concurrency.key', 'steps'],
        ['UNKNOWN_NAME', 'concurrency.key'],
      ],
    ],
    [
      'a trigger',
      withDocument({
        triggers: [
          {
            webhook: 'a',
            secret: '${secrets.a}',
            when: 'trigger.x == 1',
            parameters: { a: '${trigger.y}', b: '${parameters.z}' },
          },
        ],
      }),
      [['UNKNOWN_NAME', 'triggers.0.parameters.b']],
    ],
    ['a literal', withSteps({ config: { value: '$${nope' } }), []],
    [
      'templates in a list that is written out',
      withSteps({ foreach: ['${config.a}', 'b'], config: { value: 1 } }),
      [['VALUE', 'steps.s0.foreach.0']],
    ],
  ])('%s', (_name, document, expected) => {
    const bare = (list: Found[]) => list.map(([code, path]) => [code, path]);
    expect(bare(found(document))).toEqual(bare(expected));
    for (const [, path, suggestion] of expected) {
      if (suggestion !== undefined && suggestion !== 'steps')
        expect(found(document)).toContainEqual([expect.any(String), path, suggestion]);
    }
  });

  test('a problem points into the text', () => {
    const text =
      'name: x\nsteps:\n  - id: a\n    handler: core.set\n    config:\n      value: "n = ${config.n + nope}"\n      # no such key\n      valeu: 1\n';
    expect(validateWorkflow(parseDocument(text), testCatalog).problems).toEqual([
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        line: 6,
        column: text.split('\n')[5]!.indexOf('nope') + 1,
      }),
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        path: 'steps.a.config.valeu',
        line: 8,
        column: 7,
        suggestion: 'value',
      }),
    ]);
  });
});

describe('declared parameters', () => {
  test.each<[string, unknown, Found[]]>([
    ['a name that is no identifier', withParameter({ name: 'a-b' }), [['VALUE', 'parameters.0.name']]],
    [
      'a name twice',
      withDocument({
        parameters: [
          { name: 'a', type: 'string' },
          { name: 'a', type: 'string' },
        ],
      }),
      [['DUPLICATE_PARAMETER', 'parameters.1']],
    ],
    [
      'a name that could reach a prototype',
      withParameter({ name: '__proto__' }),
      [['UNSAFE_KEY', 'parameters.0.name']],
    ],
    ['a name that only looks as if', withParameter({ name: 'constructor' }), []],
    ['an unknown type', withParameter({ type: 'strin' }), [['VALUE', 'parameters.0.type', 'string']]],
    ['an enum without options', withParameter({ type: 'enum' }), [['REQUIRED', 'parameters.0.options']]],
    [
      'a default of another type',
      withParameter({ type: 'integer', default: 1.5 }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a default that is no option',
      withParameter({ type: 'enum', options: [{ value: 'a' }, 'b'], default: 'c' }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a default against the validation',
      withParameter({ validation: { minLength: 3 }, default: 'ab' }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a keyword that is none',
      withParameter({ validation: { minlength: 3 } }),
      [['SCHEMA_INVALID', 'parameters.0.validation.minlength', 'minLength']],
    ],
    [
      'a keyword of the wrong type',
      withParameter({ validation: { minimum: '3', pattern: '(' } }),
      [
        ['SCHEMA_INVALID', 'parameters.0.validation.minimum'],
        ['SCHEMA_INVALID', 'parameters.0.validation.pattern'],
      ],
    ],
    [
      'patterns that could take for ever',
      withParameter({
        validation: {
          pattern: '(?=a)b',
          properties: { pattern: { not: { patternProperties: { '(a)\\1': true } } } },
        },
      }),
      [
        ['SCHEMA_INVALID', 'parameters.0.validation.pattern'],
        ['SCHEMA_INVALID', 'parameters.0.validation.properties.pattern.not.patternProperties.(a)\\1'],
      ],
    ],
    [
      'references that multiply',
      withParameter({
        validation: {
          allOf: [{ $ref: '#/$defs/l0' }],
          $defs: Object.fromEntries(
            Array.from({ length: 40 }, (_, n) => [
              `l${n}`,
              n === 39 ? true : { allOf: [{ $ref: `#/$defs/l${n + 1}` }, { $ref: `#/$defs/l${n + 1}` }] },
            ]),
          ),
        },
      }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
    [
      'a reference to nowhere',
      withParameter({ validation: { $ref: '#/$defs/x' } }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
    [
      'a reference to itself',
      withParameter({ validation: { $ref: '#' } }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document)).toEqual(expected);
  });
});

test('each type that there could be is named once', () => {
  const registry = new PluginRegistry();
  registry.add(corePlugin);
  const [problem] = validateWorkflow({ name: 'x', type: 'other-one', steps: [] }, registry).problems.filter(
    ({ code }) => code === 'UNKNOWN_TYPE',
  );
  expect(problem?.message).toMatch(/There is only "generic"\.$/);
});

test('the form of an approval is a schema that can be applied', () => {
  const registry = new PluginRegistry();
  registry.add(corePlugin);
  const problems = (form: object) =>
    validateWorkflow(
      { name: 'x', steps: [{ id: 'a', handler: 'core.approval', config: { prompt: 'Sure?', form } }] },
      registry,
    ).problems.map(({ code, path }) => [code, path]);
  expect(problems({ properties: { n: { type: 'string', pattern: '(?=a)' } } })).toEqual([
    ['SCHEMA_INVALID', 'steps.a.config.form.properties.n.pattern'],
  ]);
  expect(problems({ properties: { n: { type: 'string', pattern: '^a' } } })).toEqual([]);
  expect(problems({ properties: { n: { enum: '${[1, 2]}' } } })).toEqual([]);
});

test.each<[object, boolean]>([
  [{ schedule: '0 6 * * MON-FRI', timezone: 'Europe/Berlin' }, true],
  [{ schedule: '*/5 0-6,12 1,15 JAN-mar mon-SUN' }, true],
  [{ schedule: '0 0 29 2 *' }, true],
  [{ schedule: '0 0 31 4 1' }, true],
  [{ schedule: '0 0 31 4,6 *' }, false],
  [{ schedule: '60 * * * *' }, false],
  [{ schedule: '* * * *' }, false],
  [{ schedule: '* * * * * *' }, false],
  [{ schedule: '@daily' }, true],
  [{ schedule: '@dayly' }, false],
  [{ schedule: '2030-01-01T00:00:00' }, false],
  [{ schedule: '5/15 * * * *' }, false],
  [{ schedule: '*/0 * * * *' }, false],
  [{ schedule: '10-5 * * * *' }, false],
  [{ schedule: '* * * * FOO' }, false],
  [{ schedule: '0 6 * * *', timezone: 'Europe/Berln' }, false],
  [{ schedule: '0 6 * * *', timezone: '+02:00' }, false],
])('the schedule %j is fine: %s', (trigger, fine) => {
  const codes = found(withDocument({ triggers: [trigger] })).map(([code]) => code);
  expect(codes).toEqual(fine ? [] : ['SCHEDULE_INVALID']);
});

test.each(['*/5 * * * * *', '0 0 * *', '@every 5m', '@reboot'])(
  '%s is told what a schedule needs',
  (schedule) => {
    expect(cronFault(schedule)).toMatch(
      /needs five fields: minute, hour, day of month, month, day of week; or one like @hourly, @daily, /,
    );
  },
);

test.each<[trigger: object, found: Found[]]>([
  [{ webhook: 'a', secret: '${secrets.HOOK}' }, []],
  [{ webhook: 'a', secret: '${secrets.HOOK}', signature: 'X-Gitea-Signature' }, []],
  [{ webhook: 'a', signature: 'none' }, []],
  [{ webhook: 'a/../.b/c', signature: 'none' }, [['VALUE', 'triggers.0.webhook']]],
  [{ webhook: 'a' }, [['REQUIRED', 'triggers.0.secret']]],
  [{ webhook: 'a', signature: 'github' }, [['REQUIRED', 'triggers.0.secret']]],
  [{ webhook: 'a', signature: 'none', secret: 'x' }, [['VALUE', 'triggers.0.signature']]],
  [{ webhook: 'a', signature: 'X Y', secret: 'x' }, [['VALUE', 'triggers.0.signature']]],
])('a webhook is open to anyone only where it says so: %j', (trigger, expected) => {
  expect(found(withDocument({ triggers: [trigger] }))).toEqual(expected);
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

test('who wrote a document is told of a parameter that it does not declare; what was accepted goes on', () => {
  const text = `name: x
parameters: [{ name: region, type: string }]
steps:
  - id: a
    handler: core.set
    when: 'parameters.region == "eu" || parameters.regoin == "us"'
`;
  expect(validateWorkflow(parseDocument(text), testCatalog).problems).toEqual([
    {
      code: 'PARAMETER_UNKNOWN',
      path: 'steps.a.when',
      line: 6,
      column: 41,
      message: 'The expression reads the parameter "regoin", which does not exist. Did you mean "region"?',
      suggestion: 'region',
    },
  ]);
  expect(checkDocument(readDocument(parseDocument(text)), testCatalog, undefined).problems).toEqual([]);
});

test('a compensation cannot wait, and core.workflow says how it does not', () => {
  const registry = new PluginRegistry();
  registry.add(corePlugin);
  const check = (handler: string, config: object) =>
    validateWorkflow(
      { name: 'x', steps: [{ id: 'a', ...set, config: { value: 1 }, compensate: { handler, config } }] },
      registry,
    ).problems.map(({ path, message }) => [path, message]);
  const refusal = (handler: string, remedy: string) => [
    [
      'steps.a.compensate.handler',
      `The compensation of step "a" cannot wait, as "${handler}" does. ${remedy}`,
    ],
  ];
  expect(check('core.wait', { signal: 'go' })).toEqual(refusal('core.wait', 'Choose another handler.'));
  expect(check('core.approval', { prompt: 'Sure?' })).toEqual(
    refusal('core.approval', 'Choose another handler.'),
  );
  const workflow = (wait: object) => check('core.workflow', { workflow: 'undo', ...wait });
  const remedy = refusal('core.workflow', 'Give it `wait: false`.');
  expect(workflow({})).toEqual(remedy);
  expect(workflow({ wait: true })).toEqual(remedy);
  expect(workflow({ wait: false })).toEqual([]);
  expect(workflow({ wait: '${config.wait}' })).toEqual([]);
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

test('each time zone is asked for once, and no more than some that do not exist', () => {
  const asked = vi.spyOn(Intl, 'DateTimeFormat');
  const trigger = (timezone: string) => ({ schedule: '0 6 * * *', timezone });
  const wrong = Array.from({ length: 3000 }, (_, n) => trigger(`Nowhere/N${n}`));
  const right = Array.from({ length: 3000 }, () => trigger('Europe/Berlin'));
  try {
    expect(found(withDocument({ triggers: right }))).toEqual([]);
    expect(asked.mock.calls.filter(([, options]) => options?.timeZone === 'Europe/Berlin')).toHaveLength(1);
    expect(found(withDocument({ triggers: wrong }))).toHaveLength(1000);
  } finally {
    asked.mockRestore();
  }
});
