import type { JsonValue } from '@vwmp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HandlerDescription } from '../backend.ts';
import { read } from '../document/index.ts';
import { applyOption, completeAt } from './completion.ts';
import { readCron } from './cron.ts';
import { isExact, kindOf, labelOf, readText } from './field-kind.ts';
import { leavesWorkspace } from './file-control.tsx';
import { tokensOf } from './highlight.ts';
import { namesAt, secretNames } from './scope.ts';
import { readValue, showValue } from './value-text.ts';
import { withValueAt } from './with-value.ts';

const handlers = new Map<string, HandlerDescription>([
  [
    'http.request',
    {
      path: 'http.request',
      description: '',
      config: {},
      output: { type: 'object', properties: { status: { type: 'integer' }, body: {} } },
    },
  ],
]);
const { document } = read(`
name: x
config: { base: { url: a } }
parameters: [{ name: env, type: enum, label: Environment }]
steps:
  - { id: a, handler: http.request }
  - { id: b-1, handler: core.set, dependencies: [a], foreach: "\${steps.a.output.body}" }
  - { id: c, handler: core.set, dependencies: ["b-1:error"] }
  - { id: d, handler: core.set }
`);

const optionsAt = (marked: string, step = 'c', isBare = false): string[] => {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return (
    completeAt(text, offset, namesAt(document, handlers, { step }), isBare)?.options.map(
      ({ label }) => label,
    ) ?? []
  );
};

test('everything in scope is offered, and nothing else', () => {
  expect(optionsAt('x ${steps.|}')).toEqual(['b-1', 'a']);
  expect(optionsAt('${steps.a.output.|}').slice(0, 2)).toEqual(['status', 'body']);
  expect(optionsAt("${steps['b-1'].|}").slice(0, 4)).toEqual(['output', 'status', 'error', 'port']);
  expect(optionsAt('${parameters.|')).toEqual(['env']);
  expect(optionsAt('${config.base.u|}')).toContain('url');
  expect(optionsAt('${par|}')).toEqual(['parameters']);
  expect(optionsAt('par|', 'c', true)).toEqual(['parameters']);
  expect(optionsAt('${item|}', 'b-1')).toEqual([]);
  expect(optionsAt('${ite|}', 'b-1')).toEqual(['item']);
  expect(optionsAt('${ite|}', 'c')).toEqual([]);
});

test('nothing is offered in text and in strings', () => {
  expect(optionsAt('par|')).toEqual([]);
  expect(optionsAt('${"par|"}')).toEqual([]);
  expect(optionsAt('$${par|}')).toEqual([]);
  expect(optionsAt('${parameters.env}|')).toEqual([]);
});

test('a name that cannot follow a dot is put into brackets', () => {
  const text = '${steps.b}';
  const completion = completeAt(text, 9, namesAt(document, handlers, { step: 'c' }), false)!;
  expect(applyOption(text, 9, completion, completion.options[0]!)).toEqual({
    text: "${steps['b-1']}",
    offset: 14,
  });
});

test('a step reads what is before it only, the output of the workflow reads all', () => {
  const steps = (step?: string) =>
    namesAt(document, handlers, { step })
      .find(({ name }) => name === 'steps')!
      .inside!.map(({ name }) => name);
  expect(steps('a')).toEqual([]);
  expect(steps('c')).toEqual(['b-1', 'a']);
  expect(steps()).toEqual(['a', 'b-1', 'c', 'd']);
  expect(
    namesAt(document, handlers, { step: 'a', key: 'repeat' })[0]!.inside!.map(({ name }) => name),
  ).toEqual(['status', 'body']);
});

test('highlighting loses no letter', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('$', '{', '}', '"', "'", 'a', '1', '.', ' ', '/', '\\') }),
      fc.boolean(),
      (text, isBare) => {
        expect(
          tokensOf(text, isBare)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      },
    ),
  );
  expect(tokensOf('a ${size(x) > 1}', false).map(({ kind }) => kind)).toEqual([
    'text',
    'brace',
    'name',
    'other',
    'name',
    'other',
    'number',
    'brace',
  ]);
});

test('any value can be shown as text and read again', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (given) => {
      const value = JSON.parse(JSON.stringify(given)) as JsonValue;
      // No document may have these.
      if (/"(__proto__|prototype|constructor)":/.test(JSON.stringify(value))) return;
      expect(readValue(showValue(value))).toEqual({ value });
    }),
  );
});

test('a text that is no value says why', () => {
  expect(readValue('{ a: ')).toEqual({ error: expect.any(String) });
  expect(readValue('  ')).toEqual({ value: undefined });
});

test.each([
  [{ enum: ['a', 1] }, 'choice'],
  [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, 'choice'],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'text'],
  [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 'any'],
  [{ type: 'boolean' }, 'boolean'],
  [{ type: 'integer' }, 'number'],
  [{ type: 'string' }, 'text'],
  [{ type: 'array', items: {} }, 'list'],
  [{ type: 'object', properties: { a: {} } }, 'object'],
  [{ type: 'object', patternProperties: { '^.*$': { type: 'string' } } }, 'map'],
  [{ type: 'object' }, 'any'],
  [undefined, 'any'],
])('%j is shown as %s', (schema, kind) => {
  expect(kindOf(schema).kind).toBe(kind);
});

test.each([
  ['password', { type: 'string', format: 'password' }, 'secret'],
  ['api_key', { type: 'string' }, 'secret'],
  ['token', { type: 'string', description: 'Name of the secret with the token.' }, 'secret-name'],
  ['secret', { type: 'string' }, 'secret-name'],
  ['secret', { type: 'string', writeOnly: true }, 'secret'],
  ['path', { type: 'string', description: 'A file of the workspace.' }, 'file'],
  ['path', { type: 'string', description: 'Where in the object.' }, undefined],
  ['input_file', { type: 'string' }, 'file'],
  ['cwd', { type: 'string' }, 'file'],
  ['code', { type: 'string', maxLength: 100_000 }, 'code'],
  ['code', { type: 'string', default: 'FAILED' }, undefined],
  ['query', { type: 'string', contentMediaType: 'application/sql' }, 'code'],
  ['tokens', { type: 'string' }, undefined],
])('%s as %j is for %s', (name, schema, role) => {
  expect(kindOf(schema, name)).toMatchObject({ kind: 'text' });
  expect((kindOf(schema, name) as { role?: string }).role).toBe(role);
});

test.each([
  ['data/in.csv', false],
  ['a/../b', false],
  ['${parameters.folder}/../x', false],
  ['../x', true],
  ['a/../../x', true],
  ['/etc/passwd', true],
  ['~/x', true],
  ['C:\\x', true],
])('%s leaves the workspace: %s', (path, leaves) => expect(leavesWorkspace(path)).toBe(leaves));

test('secrets that a document reads are offered by name', () => {
  const { document: other } = read(
    `steps:\n  - { id: a, handler: core.set, config: { a: "\${secrets.TOKEN}", b: "\${secrets['my-key'] + secrets.TOKEN}" } }\n`,
  );
  expect(secretNames(other)).toEqual(['TOKEN', 'my-key']);
  expect(secretNames(null)).toEqual([]);
});

test('plain values are set and taken away where they stand', () => {
  const value = { a: { b: [1, { c: 2 }] }, d: 3 };
  expect(withValueAt(value, ['a', 'b', 1, 'c'], 4)).toEqual({ a: { b: [1, { c: 4 }] }, d: 3 });
  expect(withValueAt(value, ['a', 'b', 1, 'c'], undefined)).toEqual({ a: { b: [1, {}] }, d: 3 });
  expect(withValueAt(value, ['a', 'b', 0], undefined)).toEqual({ a: { b: [{ c: 2 }] }, d: 3 });
  expect(withValueAt(value, ['d'], undefined)).toEqual({ a: value.a });
  expect(withValueAt(undefined, ['x', 'y'], 1)).toEqual({ x: { y: 1 } });
  expect(withValueAt({ x: { y: 1 } }, ['x', 'y'], undefined)).toBeUndefined();
  expect(value).toEqual({ a: { b: [1, { c: 2 }] }, d: 3 });
});

test('what is typed becomes what the schema wants', () => {
  expect(readText('12', kindOf({ type: 'integer' }))).toBe(12);
  expect(readText('12', kindOf({ type: 'string' }))).toBe('12');
  expect(readText('12', kindOf({ anyOf: [{ type: 'string' }, { type: 'number' }] }))).toBe(12);
  expect(readText('${a}', kindOf({ type: 'integer' }))).toBe('${a}');
  expect(readText('', kindOf({ type: 'string' }))).toBeUndefined();
  expect(readText('9007199254740993', kindOf({ type: 'integer' }))).toBe('9007199254740993');
  expect(readText('1.10', kindOf({ type: 'number' }))).toBe(1.1);
  expect(labelOf('max_bytes', {})).toBe('Max bytes');
});

test('a number is one only if it means what was typed', () => {
  const other = [
    ...['9007199254740993', '9007199254740993.0', '12345678901234567.5', '-9007199254740993e0'],
    ...['1.2345678901234567891e30', '1e-400', '-0.5e-999', '1e400'],
  ];
  expect(other.filter(isExact)).toEqual([]);
  expect(other.map((text) => 'error' in readValue(text))).toEqual(other.map(() => true));
  const same = [
    ...['0', '-0', '0.0', '1.10', '.5', '1e2', '0.1000000000000000055511151231257827', '9007199254740991.0'],
    ...['1e21', '1.5e300', '1e23', '1.7976931348623157e308', '5e-324', '9007199254740992.0'],
  ];
  expect(same.filter((text) => !isExact(text))).toEqual([]);
  expect(same.map(readValue)).toEqual(same.map((text) => ({ value: Number(text) + 0 })));
  // Written out to the last digit, as only fields for numbers take it.
  expect(isExact('18446744073709551616')).toBe(true);
});

test('a schedule in words, with its next fires', () => {
  const now = new Date('2030-01-04T12:00:00Z');
  expect(readCron('0 6 * * MON-FRI', 'Europe/Berlin', now)).toEqual({
    words: 'At 06:00, Monday through Friday',
    next: ['2030-01-07', '2030-01-08', '2030-01-09', '2030-01-10', '2030-01-11'].map(
      (day) => new Date(`${day}T05:00:00Z`),
    ),
  });
  expect(readCron('61 * * * *', 'UTC', now)).toEqual({ error: expect.any(String) });
  expect(readCron('* *', 'UTC', now)).toEqual({ error: expect.stringContaining('five fields') });
  expect(readCron('0 6 * * *', 'Nowhere/Land', now)).toEqual({ error: expect.any(String) });
});
