import fc from 'fast-check';

type Json = { [key: string]: unknown };

/** Makes arbitrary values that match a schema of the OpenAPI document, mostly. */
export function matching(schema: Json, components: Json, depth = 0): fc.Arbitrary<unknown> {
  const inner = (each: unknown): fc.Arbitrary<unknown> => matching(each as Json, components, depth + 1);
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1)!;
    return inner((components.schemas as Json)[name]);
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map(inner));
  const types = [schema.type].flat();
  if (types.length > 1) return fc.oneof(...types.map((type) => inner({ ...schema, type })));
  const { minimum = -5, maximum = 1000 } = schema as { minimum?: number; maximum?: number };
  switch (types[0]) {
    case 'object':
      return objects(schema, inner);
    case 'array':
      return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
    case 'string':
      return strings(schema);
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function objects(schema: Json, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  const known = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, inner(each)]));
  const requiredKeys = ((schema.required ?? []) as string[]).filter((key) => key in known);
  const record = fc.record(known, { requiredKeys });
  if (schema.additionalProperties === false) return record;
  const more = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
  return fc.tuple(record, more).map(([known_, others]) => ({ ...others, ...known_ }));
}

function strings(schema: Json): fc.Arbitrary<string> {
  if (schema.format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString());
  const { minLength = 0, maxLength = 40 } = schema as { minLength?: number; maxLength?: number };
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
}

/** What people send who want to see what happens. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '..',
    '.',
    '%',
    '%00',
    '\0',
    '\u0000a',
    '\uD800',
    '\uFEFF',
    "' OR 1=1 --",
    '"; DROP TABLE executions',
    '<script>alert(1)</script>',
    '${secrets.X}',
    '{{7*7}}',
    'null',
    'NaN',
    '-0',
    '1e999',
    '9'.repeat(40),
    'a'.repeat(3000),
    '😀'.repeat(50),
    '\r\nX-Injected: 1',
    ':0',
    'ask:0',
    'ask:99999999999',
    'W10',
    'WyJhIl0',
    'WyJcdTAwMDAiXQ',
    'WzEsMiwzXQ',
    'WzFlMzA4XQ',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
