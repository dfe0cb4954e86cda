import * as TypeBox from '@sinclair/typebox';
import { expect, test } from 'vitest';
import { Type } from './schema.ts';

const options = { title: 'T', description: 'd', default: 'x', minLength: 3 };

/** With the symbols, which `toEqual` compares as well. */
const pairs: Record<string, [unknown, unknown]> = {
  String: [Type.String(options), TypeBox.String(options)],
  Number: [Type.Number({ minimum: 1 }), TypeBox.Number({ minimum: 1 })],
  Integer: [Type.Integer(), TypeBox.Integer()],
  Boolean: [Type.Boolean(options), TypeBox.Boolean(options)],
  Null: [Type.Null(), TypeBox.Null()],
  Literal: [Type.Literal('a', options), TypeBox.Literal('a', options)],
  'Literal of a number': [Type.Literal(1), TypeBox.Literal(1)],
  Array: [Type.Array(Type.String(), { minItems: 1 }), TypeBox.Array(TypeBox.String(), { minItems: 1 })],
  Record: [Type.Record(Type.Number(), options), TypeBox.Record(TypeBox.String(), TypeBox.Number(), options)],
  Union: [
    Type.Union([Type.String(), Type.Null()], options),
    TypeBox.Union([TypeBox.String(), TypeBox.Null()], options),
  ],
  'Union of one': [
    Type.Union([Type.String(options)], { title: 'U', x: 1 }),
    TypeBox.Union([TypeBox.String(options)], { title: 'U', x: 1 }),
  ],
  'Union of none': [Type.Union([]), TypeBox.Union([])],
  Optional: [Type.Optional(Type.String(options)), TypeBox.Optional(TypeBox.String(options))],
  Unknown: [Type.Unknown(options), TypeBox.Unknown(options)],
  Unsafe: [Type.Unsafe({ oneOf: [] }), TypeBox.Unsafe({ oneOf: [] })],
  Object: [
    Type.Object({ a: Type.String(), b: Type.Optional(Type.Number()) }, options),
    TypeBox.Object(
      { a: TypeBox.String(), b: TypeBox.Optional(TypeBox.Number()) },
      { additionalProperties: false, ...options },
    ),
  ],
  'Object of what may be missing': [
    Type.Object({ a: Type.Optional(Type.String()) }, { additionalProperties: true }),
    TypeBox.Object({ a: TypeBox.Optional(TypeBox.String()) }, { additionalProperties: true }),
  ],
};

test.each(Object.entries(pairs))('%s makes what TypeBox makes', (_name, [ours, theirs]) => {
  expect(ours).toEqual(theirs);
  expect(Object.getOwnPropertySymbols(ours)).toEqual(Object.getOwnPropertySymbols(theirs));
});

test('a schema of keys is not taken for one of values', () => {
  const keys = Type.String();
  // @ts-expect-error -- as TypeBox has it
  expect(Type.Record(keys, Type.Number())).toMatchObject({ patternProperties: { '^(.*)$': keys } });
});

test('schemas of TypeBox fit into ours, and ours into theirs', () => {
  const inner = { a: TypeBox.Optional(TypeBox.String()), b: TypeBox.String() };
  expect(Type.Object(inner as never)).toMatchObject({ required: ['b'] });
  expect(TypeBox.Object({ a: Type.Optional(Type.String()), b: Type.String() } as never)).toMatchObject({
    required: ['b'],
  });
});

test('options do not change what a builder stands for', () => {
  expect(Type.String({ type: 'number' })).toEqual(TypeBox.String({ type: 'number' } as never));
  expect(Type.Enum(['a', 'b'], { default: 'a' })).toEqual(
    TypeBox.Unsafe({ default: 'a', type: 'string', enum: ['a', 'b'] }),
  );
});
