import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../model/json.ts';
import { checkConfig } from './schema-check.ts';
import { compileSchema } from './schema-compile.ts';

const valid = (schema: unknown, value: unknown): boolean =>
  compileSchema(schema as JsonSchema).validate(value).length === 0;

const scalar = fc.constantFrom<unknown>(null, true, 0, 1, 1.5, -2, 10.05, '', 'a', 'ab', '😀', '2026-01-31');
const keys = fc.constantFrom('a', 'b', 'ab', 'c/~%');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 2, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(keys, tie('value'), { maxKeys: 3 }) },
  ),
}));
const names = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
const types = fc.oneof(fc.constantFrom(...names), fc.subarray([...names], { minLength: 1 }));
const { schema } = fc.letrec<{ schema: object | boolean }>((tie) => {
  const some = fc.array(tie('schema'), { minLength: 1, maxLength: 2 });
  const keyword = (name: string, of: fc.Arbitrary<unknown>) => of.map((each) => ({ [name]: each }));
  const keywords = fc.oneof(
    { depthSize: 'small' },
    keyword('type', types),
    keyword('enum', fc.array(value, { minLength: 1, maxLength: 3 })),
    keyword('const', value),
    keyword('minimum', fc.constantFrom(0, 1)),
    keyword('exclusiveMaximum', fc.constantFrom(1, 1.5)),
    keyword('multipleOf', fc.constantFrom(0.05, 0.5, 1, 3)),
    keyword('minLength', fc.nat(2)),
    keyword('maxLength', fc.nat(2)),
    keyword('pattern', fc.constantFrom('^a', 'b$', '^.$')),
    keyword('format', fc.constantFrom('date', 'uri', 'unknown')),
    keyword('uniqueItems', fc.boolean()),
    keyword('maxItems', fc.nat(2)),
    keyword('required', fc.array(keys, { maxLength: 2 })),
    keyword('minProperties', fc.nat(2)),
    keyword('properties', fc.dictionary(keys, tie('schema'), { maxKeys: 3 })),
    keyword('patternProperties', fc.dictionary(fc.constantFrom('^a', 'b'), tie('schema'), { maxKeys: 2 })),
    keyword('additionalProperties', tie('schema')),
    keyword('propertyNames', tie('schema')),
    keyword('dependentRequired', fc.dictionary(keys, fc.array(keys, { maxLength: 2 }), { maxKeys: 2 })),
    keyword('dependentSchemas', fc.dictionary(keys, tie('schema'), { maxKeys: 2 })),
    keyword('prefixItems', some),
    keyword('items', tie('schema')),
    keyword('contains', tie('schema')),
    keyword('allOf', some),
    keyword('anyOf', some),
    keyword('oneOf', some),
    keyword('not', tie('schema')),
    keyword('$ref', fc.constant('#/$defs/a%20b')),
    // biome-ignore lint/suspicious/noThenProperty: it is the keyword
    fc.tuple(tie('schema'), tie('schema'), tie('schema')).map(([a, b, c]) => ({ if: a, then: b, else: c })),
  );
  return {
    schema: fc.oneof(
      { weight: 1, arbitrary: fc.boolean() },
      {
        weight: 8,
        arbitrary: fc
          .array(keywords, { minLength: 1, maxLength: 3 })
          .map((list) => Object.assign({}, ...list) as object),
      },
    ),
  };
});

test('gives the verdict of another validator', () => {
  let [matched, failed] = [0, 0];
  fc.assert(
    fc.property(schema, value, (inner, instance) => {
      const given = { $defs: { 'a b': { type: ['string', 'object'] } }, allOf: [inner] };
      const expected = new Validator(structuredClone(given) as object, '2020-12').validate(instance).valid;
      expect(valid(given, instance)).toBe(expected);
      if (expected) matched++;
      else failed++;
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(matched, failed)).toBeGreaterThan(500);
});

describe('what others have looked at is left out', () => {
  test.each<[object, unknown, boolean]>([
    [{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }, { a: 1 }, true],
    [{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }, { a: 1, b: 1 }, false],
    [
      { anyOf: [{ required: ['b'], properties: { a: true } }, true], unevaluatedProperties: false },
      { a: 1 },
      false,
    ],
    [{ properties: { a: true }, allOf: [{ unevaluatedProperties: false }] }, { a: 1 }, false],
    [{ if: { properties: { a: { const: 1 } } }, unevaluatedProperties: false }, { a: 1 }, true],
    [{ if: { properties: { a: { const: 1 } } }, unevaluatedProperties: false }, { a: 2 }, false],
    [{ not: { not: { properties: { a: true } } }, unevaluatedProperties: false }, { a: 1 }, false],
    [
      { $ref: '#/$defs/x', unevaluatedProperties: false, $defs: { x: { patternProperties: { a: true } } } },
      { a: 1 },
      true,
    ],
    [{ prefixItems: [true], unevaluatedItems: false }, [1], true],
    [{ prefixItems: [true], unevaluatedItems: false }, [1, 2], false],
    [{ contains: { const: 2 }, unevaluatedItems: { const: 1 } }, [1, 2], true],
    [{ allOf: [{ items: true }], unevaluatedItems: false }, [1, 2], true],
    [{ contains: { const: 2 }, minContains: 0 }, [], true],
    [{ contains: { const: 2 }, maxContains: 1 }, [2, 2], false],
    [{ $anchor: 'me', properties: { a: { $ref: '#me' } }, maxProperties: 1 }, { a: { a: {}, b: 1 } }, false],
    [{ properties: { a: { $id: 'T0', items: { $ref: 'T0' }, type: 'array' } } }, { a: [[[1]]] }, false],
    [
      { uniqueItems: true },
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      false,
    ],
    [{ uniqueItems: true }, [1, '1', [1], ['1'], null, 'null', true, {}], true],
  ])('%j applied to %j: %s', (given, instance, expected) => {
    expect(valid(given, instance)).toBe(expected);
  });
});

describe('no schema and value together take long', () => {
  const cannot = (schema: unknown, value: unknown): void => {
    const problems = checkConfig(schema as JsonSchema, value, 'c');
    expect(problems.map(({ message }) => message)).toEqual([
      'The config cannot be checked: it is too large or too deep.',
    ]);
  };
  const long = 'a'.repeat(100_000);
  const doubling = (keyword: (ref: object) => object, levels: number): object => ({
    $ref: '#/$defs/l0',
    $defs: Object.fromEntries(
      Array.from({ length: levels }, (_, n) => [
        `l${n}`,
        n === levels - 1 ? { type: 'string' } : keyword({ $ref: `#/$defs/l${n + 1}` }),
      ]),
    ),
  });
  let deep: unknown = 1;
  for (let n = 0; n < 60; n++) deep = { a: deep };

  test('patterns that RegExp would try for ever', () => {
    expect(valid({ pattern: '(a+)+$' }, `${long}!`)).toBe(false);
    expect(valid({ patternProperties: { '^(a|aa)+$': false } }, { [`${long}!`]: 1 })).toBe(true);
    cannot({ pattern: '(a?){9000}b' }, long);
  });

  test('the format of addresses', () => {
    expect(valid({ format: 'url' }, `http://${long} ${long}`)).toBe(false);
    expect(valid({ format: 'url' }, 'https://example.com/a?b#c')).toBe(true);
  });

  test('references that double at each level', () => {
    cannot(
      doubling((ref) => ({ allOf: [ref, ref] }), 60),
      1,
    );
    const properties = { properties: { a: { $ref: '#' } } };
    cannot({ allOf: [properties, properties] }, deep);
  });

  test('all entries that are compared with all', () => {
    const many = Array.from({ length: 200_000 }, (_, n) => n);
    expect(valid({ uniqueItems: true }, many)).toBe(true);
    expect(valid({ uniqueItems: true }, [...many, 5])).toBe(false);
    expect(valid({ items: { enum: many } }, many)).toBe(true);
    cannot(
      { items: { enum: many.map((n) => [n]) } },
      many.slice(0, 10_000).map(() => [-1]),
    );
    cannot(
      { items: { required: many.map(String) } },
      many.map(() => ({})),
    );
  });

  test('a reference to itself is told before', () => {
    for (const given of [{ $ref: '#' }, { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }])
      expect(() => compileSchema(given as JsonSchema)).toThrow('leads to itself');
    expect(() => compileSchema({ properties: { a: { $ref: '#/$defs/b' } } })).toThrow('leads nowhere');
  });
});
