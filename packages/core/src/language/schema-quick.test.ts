import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSchema } from './schema-compile.ts';
import { surelyMatches } from './schema-quick.ts';

const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 1.5, '', 'a', 'b');
const keys = fc.constantFrom('a', 'b', 'c');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 2, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    { weight: 2, arbitrary: fc.dictionary(keys, tie('value'), { maxKeys: 3 }) },
  ),
}));
const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 'null');
const { schema } = fc.letrec<{ schema: object | boolean }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.boolean(),
    fc.record(
      {
        type: fc.oneof(types, fc.array(types, { minLength: 1, maxLength: 3 })),
        enum: fc.array(scalar, { minLength: 1, maxLength: 3 }),
        const: scalar,
        required: fc.array(keys, { maxLength: 2 }),
        properties: fc.dictionary(keys, tie('schema'), { maxKeys: 3 }),
        additionalProperties: tie('schema'),
        patternProperties: fc.constant({ a: true }),
        items: tie('schema'),
        prefixItems: fc.tuple(tie('schema')),
        minLength: fc.nat(1),
        title: fc.constant('x'),
        default: scalar,
      },
      { requiredKeys: [] },
    ),
    fc.record({
      properties: fc.dictionary(keys, tie('schema'), { maxKeys: 3 }),
      type: fc.constant('object'),
    }),
  ),
}));

test('what surely matches is valid', () => {
  let sure = 0;
  fc.assert(
    fc.property(schema, value, (given, instance) => {
      if (!surelyMatches(given, instance)) return;
      sure++;
      expect(compileSchema(given as never).validate(instance)).toEqual([]);
    }),
    { numRuns: 5_000 },
  );
  // Or it would compare nothing.
  expect(sure).toBeGreaterThan(200);
});

test('a config without rules of its own needs no validator', () => {
  const given = {
    type: 'object',
    properties: { value: { description: 'Anything.' }, times: { type: 'integer' } },
    required: ['value'],
    additionalProperties: false,
  };
  expect(surelyMatches(given, { value: [1], times: 2 })).toBe(true);
  for (const wrong of [{}, { value: 1, times: 0.5 }, { value: 1, other: 1 }, 'text'])
    expect(surelyMatches(given, wrong)).toBe(false);
});
