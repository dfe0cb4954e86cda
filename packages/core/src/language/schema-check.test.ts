import { describe, expect, test, vi } from 'vitest';
import type { JsonSchema } from '../model/json.ts';
import { Type } from '../schema.ts';
import { checkConfig } from './schema-check.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

const messages = (schema: JsonSchema, value: unknown) =>
  checkConfig(schema, value, 'steps.a.config').map(({ path, message }) => [
    path.replace(/^steps\.a\.config\.?/, ''),
    message,
  ]);

const request = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', format: 'uri' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    retries: { type: 'array', items: { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'never' }] } },
    auth: {
      oneOf: [
        {
          type: 'object',
          required: ['kind', 'token'],
          properties: { kind: { const: 'bearer' }, token: { type: 'string' } },
        },
        {
          type: 'object',
          required: ['kind', 'user'],
          properties: { kind: { const: 'basic' }, user: { type: 'string' } },
        },
      ],
    },
    size: { type: 'number', exclusiveMaximum: 10, multipleOf: 0.1 },
    tags: { type: 'array', uniqueItems: true, maxItems: 2 },
    'a/b~c d#': { type: 'boolean' },
  },
};

describe('each place that is wrong is told once', () => {
  test.each<[string, unknown, [string, string][]]>([
    ['nothing', { url: 'https://a.test' }, []],
    ['no mapping', 5, [['', 'The config is a number, but must be a mapping.']]],
    [
      'missing and unknown',
      { uri: 'x' },
      [
        ['url', '"url" is missing. It must be text.'],
        ['uri', '"uri" is not known here. Did you mean "url"?'],
      ],
    ],
    [
      'deep in a mapping',
      { url: 'https://a.test', headers: { a: 1, b: 'x' } },
      [['headers.a', '"headers.a" is a number, but must be text.']],
    ],
    [
      'alternatives of the same kind',
      { url: 'https://a.test', retries: [1, 'nevr', -1] },
      [
        ['retries.1', '"retries.1" is text, but must be a whole number or "never".'],
        ['retries.2', '"retries.2" is a number, but must be 0 or more.'],
      ],
    ],
    [
      'the alternative that the tag means',
      { url: 'https://a.test', auth: { kind: 'basic', user: 5 } },
      [['auth.user', '"auth.user" is a number, but must be text.']],
    ],
    [
      'no alternative',
      { url: 'https://a.test', auth: { kind: 'digest' } },
      [['auth.kind', '"auth.kind" is text, but must be "bearer" or "basic".']],
    ],
    [
      'numbers',
      { url: 'https://a.test', size: 10.05 },
      [
        ['size', '"size" is a number, but must be less than 10.'],
        ['size', '"size" is a number, but must be a multiple of 0.1.'],
      ],
    ],
    [
      'lists',
      { url: 'https://a.test', tags: [1, 1, 1] },
      [
        ['tags', '"tags" has 3 entries and may have at most 2.'],
        ['tags', '"tags" has the same entry twice.'],
      ],
    ],
    ['format', { url: 'no uri' }, [['url', '"url" is text, which is not of the format "uri".']]],
    [
      'odd keys',
      { url: 'https://a.test', 'a/b~c d#': 1 },
      [['a/b~c d#', '"a/b~c d#" is a number, but must be true or false.']],
    ],
  ])('%s', (_name, value, expected) => {
    expect(messages(request, value)).toEqual(expected);
  });
});

test('schemas made with the builders, frozen ones too', () => {
  const schema = Type.Object({
    level: Type.Optional(Type.Enum(['debug', 'info'])),
    n: Type.Union([Type.Literal('all'), Type.Integer({ maximum: 5 })]),
  });
  const frozen = Object.freeze(schema) as unknown as JsonSchema;
  expect(messages(frozen, { level: 'inf', n: 6 })).toEqual([
    ['level', '"level" is text, but must be "debug" or "info".'],
    ['n', '"n" is a number, but must be 5 or less.'],
  ]);
  expect(checkConfig(frozen, { level: 'inf', n: 1 }, 'x')[0]?.suggestion).toBe('info');
});

test('references, recursion and conditions', () => {
  const tree = {
    $defs: {
      node: { type: 'object', properties: { n: { type: 'number' }, next: { $ref: '#/$defs/node' } } },
    },
    $ref: '#/$defs/node',
  };
  expect(messages(tree, { next: { next: { n: 'x' } } })).toEqual([
    ['next.next.n', '"next.next.n" is text, but must be a number.'],
  ]);
  const condition = {
    if: { properties: { a: { const: 1 } } },
    // biome-ignore lint/suspicious/noThenProperty: it is the keyword
    then: { required: ['b'] },
    else: { required: ['c'] },
  };
  expect(messages(condition, { a: 1 })).toEqual([['b', '"b" is missing.']]);
  expect(messages(condition, { a: 2 })).toEqual([['c', '"c" is missing.']]);
  expect(
    messages({ properties: { a: false }, propertyNames: { maxLength: 3 } }, { a: 1, long: 1 }).map(
      ([path]) => path,
    ),
  ).toEqual(['', 'a']);
});

test('what was given is not shown: it may come from a secret', () => {
  const schema = {
    properties: { a: { type: 'string', pattern: '^x', maxLength: 3, enum: ['x'] }, b: { type: 'number' } },
  };
  expect(JSON.stringify(checkConfig(schema, { a: 's3cr3t', b: 's3cr3t' }, 'config'))).not.toContain('s3cr3t');
});

test('a huge or very deep value ends in a problem and not in an overflow', () => {
  const numbers = { type: 'array', items: { type: 'string' } };
  expect(
    checkConfig(
      numbers,
      Array.from({ length: 300_000 }, () => 1),
      'c',
    ),
  ).toHaveLength(101);
  const self = { type: 'array', items: { $ref: '#' } };
  let deep: unknown = 1;
  for (let n = 0; n < 50_000; n++) deep = [deep];
  expect(checkConfig(self, deep, 'c')).toHaveLength(1);
});
