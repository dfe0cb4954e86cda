import { describe, expect, test } from 'vitest';
import { corePlugin } from '../handlers/index.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import { type Found, found, set, withSteps } from './testing/documents.ts';
import { validateWorkflow } from './validate.ts';

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
