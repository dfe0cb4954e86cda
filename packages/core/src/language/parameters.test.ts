import { describe, expect, test } from 'vitest';
import type { Parameter } from '../model/workflow.ts';
import { parameterSchema } from './parameter-schema.ts';
import { checkParameters } from './parameters.ts';

const one = (parameter: Partial<Parameter>, value: unknown) =>
  checkParameters([{ name: 'p', type: 'string', ...parameter }], { p: value });

describe('values', () => {
  test.each<[Partial<Parameter>, unknown, boolean]>([
    [{ type: 'string' }, 'a', true],
    [{ type: 'string' }, 5, false],
    [{ type: 'text' }, 'a\nb', true],
    [{ type: 'number' }, 1.5, true],
    [{ type: 'number' }, Number.NaN, false],
    [{ type: 'integer' }, 1.5, false],
    [{ type: 'boolean' }, 'true', false],
    [{ type: 'array' }, [1], true],
    [{ type: 'array', options: ['a', 'b'] }, ['a'], true],
    [{ type: 'array', options: ['a', 'b'] }, ['c'], false],
    [{ type: 'object' }, { a: 1 }, true],
    [{ type: 'object' }, [], false],
    [{ type: 'object' }, null, false],
    [{ type: 'enum', options: [1, { value: null, label: 'none' }] }, null, true],
    [{ type: 'enum', options: [1, { value: null, label: 'none' }] }, '1', false],
    [{ type: 'string', options: ['a'] }, 'b', false],
    [{ type: 'string', validation: { pattern: '^a' } }, 'b', false],
    [{ type: 'string', validation: { format: 'email' } }, 'nobody', false],
    [{ type: 'string', validation: { type: ['string', 'number'] } }, 5, false],
    [{ type: 'object', validation: { properties: { a: { type: 'number' } } } }, { a: 'x' }, false],
    [{ type: 'object' }, new Map(), false],
    [{ type: 'object' }, { f: () => 1 }, false],
    [{ type: 'object' }, JSON.parse('{"a": {"__proto__": {"x": 1}}}'), false],
  ])('%j takes %j: %s', (parameter, value, fine) => {
    const { problems, values } = one(parameter, value);
    expect(problems.map(({ code }) => code)).toEqual(fine ? [] : ['PARAMETER_INVALID']);
    expect(values).toEqual(fine ? { p: value } : {});
  });

  test('they are frozen copies', () => {
    const given = { p: { list: [{ a: 1 }] } };
    const { values } = checkParameters(
      [
        { name: 'p', type: 'object' },
        { name: 'q', type: 'array', default: [[1]] },
      ],
      given,
    );
    given.p.list[0]!.a = 2;
    expect(values).toEqual({ p: { list: [{ a: 1 }] }, q: [[1]] });
    for (const part of [
      values,
      values.p,
      (values.p as { list: object[] }).list[0],
      values.q,
      (values.q as object[])[0],
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  test('a value that holds itself or is very deep', () => {
    const loop: Record<string, unknown> = {};
    loop.a = loop;
    expect(one({ type: 'object' }, loop).problems).toHaveLength(1);
    let deep: unknown = 1;
    for (let n = 0; n < 100_000; n++) deep = [deep];
    expect(one({ type: 'array' }, deep).problems[0]?.message).toContain('100 levels');
  });
});

test('what is missing, unknown and wrong is told at once', () => {
  const parameters: Parameter[] = [
    { name: 'env', type: 'enum', options: ['staging', 'prod'] },
    { name: 'summary', type: 'string', required: true, default: undefined, description: 'What it is about.' },
    { name: 'maybe', type: 'string', required: false },
    { name: 'limit', type: 'integer', default: 10 },
  ];
  const { problems } = checkParameters(parameters, {
    env: 'stagin',
    sumary: 'x',
    toString: 1,
    limit: undefined,
  });
  expect(
    problems.map(({ code, path, message, suggestion }) => ({ code, path, message, suggestion })),
  ).toEqual([
    {
      code: 'PARAMETER_UNKNOWN',
      path: 'parameters.sumary',
      message: 'The workflow has no parameter "sumary". Did you mean "summary"?',
      suggestion: 'summary',
    },
    {
      code: 'PARAMETER_UNKNOWN',
      path: 'parameters.toString',
      message: 'The workflow has no parameter "toString". It has "env", "summary", "maybe", "limit".',
      suggestion: undefined,
    },
    {
      code: 'PARAMETER_INVALID',
      path: 'parameters.env',
      message: 'The parameter "env" is "stagin", but must be "staging" or "prod". Did you mean "staging"?',
      suggestion: 'staging',
    },
    {
      code: 'PARAMETER_MISSING',
      path: 'parameters.summary',
      message: 'The parameter "summary" (string) has to be given. What it is about.',
      suggestion: undefined,
    },
  ]);
  expect(checkParameters(parameters, 5).problems).toHaveLength(1);
  expect(checkParameters(undefined, {})).toEqual({ values: {}, problems: [] });
});

test('what is told of many names stays short', () => {
  const declared = Array.from({ length: 100 }, (_, n): Parameter => ({ name: `p${n}`, type: 'string' }));
  const given = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`other${n}`, n]));
  const { problems } = checkParameters(declared, given);
  expect(problems.filter(({ code }) => code === 'PARAMETER_UNKNOWN')).toHaveLength(101);
  expect(problems[100]?.message).toBe('9900 more names are no parameters of the workflow.');
  expect(JSON.stringify(problems).length).toBeLessThan(100_000);
});

test('a secret is never shown', () => {
  const parameter: Partial<Parameter> = {
    type: 'secret',
    validation: { minLength: 20, pattern: '^sk-', enum: ['sk-other'] },
  };
  for (const value of ['hunter2', 12345678]) {
    const { problems } = one(parameter, value);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(String(value));
  }
});

test('names out of prototypes are no parameters', () => {
  const given = JSON.parse('{"__proto__": {"p": "x"}}') as unknown;
  const { values, problems } = checkParameters([{ name: 'p', type: 'string' }], given);
  expect(values).toEqual({});
  expect(problems.map(({ code }) => code)).toEqual(['PARAMETER_UNKNOWN', 'PARAMETER_MISSING']);
  expect(
    checkParameters([{ name: 'p', type: 'string' }], Object.create({ p: 'inherited' })).problems,
  ).toHaveLength(1);
});

test('the JSON Schema of all parameters', () => {
  expect(
    parameterSchema([
      {
        name: 'env',
        type: 'enum',
        options: [{ value: 'a', label: 'A' }, 'b'],
        default: 'a',
        label: 'Environment',
        description: 'Where.',
      },
      { name: 'n', type: 'integer', validation: { minimum: 1 } },
      { name: 'token', type: 'secret', default: 'never shown' },
      { name: 'c', type: 'string', validation: { type: 'string', minLength: 2 } },
    ]),
  ).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['n', 'c'],
    properties: {
      env: { enum: ['a', 'b'], title: 'Environment', description: 'Where.', default: 'a' },
      n: { type: 'integer', minimum: 1 },
      token: { type: 'string', writeOnly: true },
      c: { type: 'string', allOf: [{ type: 'string', minLength: 2 }] },
    },
  });
});
