import { Validator, work } from '@cfworker/json-schema';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonSchema } from '../model/json.ts';
import { checkConfig } from './schema-check.ts';
import { compileSchema } from './schema-compile.ts';

const valid = (schema: unknown, value: unknown): boolean =>
  compileSchema(schema as JsonSchema).validate(value).length === 0;

const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '😀'), maxLength: 5 });
const pattern = fc.constantFrom('^a', 'b$', '^.$', '(a|b)+-', '[^a]{2}', '😀|^$');
const item = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 1, '', '1'),
  fc.constant([1]),
  fc.constant({ a: 1 }),
);
const schemaAndValue = fc.oneof(
  fc.tuple(
    pattern.map((source) => ({ pattern: source })),
    text,
  ),
  fc.tuple(
    fc.tuple(pattern, fc.boolean()).map(([source, inner]) => ({
      patternProperties: { [source]: inner },
      additionalProperties: false,
    })),
    fc.dictionary(text, fc.constant(1), { maxKeys: 3 }),
  ),
  fc.tuple(fc.constant({ uniqueItems: true }), fc.array(item, { maxLength: 4 })),
);

const unbound = { ...work };
afterEach(() => void Object.assign(work, unbound));

test('what is bounded gives the verdict of what is not', () => {
  fc.assert(
    fc.property(schemaAndValue, ([schema, value]) => {
      Object.assign(work, unbound);
      const expected = new Validator(structuredClone(schema) as object, '2020-12').validate(value).valid;
      expect(valid(schema, value)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
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

  test('keys that are no text', () => {
    expect(valid({ additionalProperties: { type: 'string' } }, { '\ud800': 1 })).toBe(false);
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
    cannot({ uniqueItems: true }, [...many, 199_999]);
    cannot({ items: { enum: many } }, many);
    cannot(
      { uniqueItems: true },
      many.slice(0, 20_000).map((n) => [n]),
    );
    cannot(
      { items: { enum: many.map((n) => [n]) } },
      many.slice(0, 10_000).map(() => [-1]),
    );
    cannot(
      { items: { required: many.map(String) } },
      many.map(() => ({})),
    );
  });
});
