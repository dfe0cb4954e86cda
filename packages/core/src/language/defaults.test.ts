import { expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { Type } from '../schema.ts';
import { fillDefaults } from './defaults.ts';

const schema = Type.Object({
  url: Type.String(),
  tries: Type.Integer({ default: 3 }),
  tags: Type.Optional(Type.Array(Type.String(), { default: ['a'] })),
  proxy: Type.Optional(Type.Object({ port: Type.Integer({ default: 8080 }) })),
  rows: Type.Optional(Type.Array(Type.Object({ size: Type.Integer({ default: 1 }) }))),
});

test('missing properties get their defaults, given ones stay', () => {
  expect(fillDefaults(schema, { url: 'x' })).toEqual({ url: 'x', tries: 3, tags: ['a'] });
  expect(fillDefaults(schema, { url: 'x', tries: 0, tags: [] })).toEqual({ url: 'x', tries: 0, tags: [] });
});

test('objects inside get theirs, but are not made', () => {
  const value: JsonValue = { url: 'x', tries: 1, tags: [], proxy: {}, rows: [{ size: 5 }, {}] };
  const filled = fillDefaults(schema, value);
  expect(filled).toMatchObject({ proxy: { port: 8080 }, rows: [{ size: 5 }, { size: 1 }] });
  expect(fillDefaults(schema, { url: 'x', tries: 1, tags: [] })).not.toHaveProperty('proxy');
});

test('what is complete is returned as it is, what is filled is frozen', () => {
  const complete = Object.freeze({ url: 'x', tries: 1, tags: [] });
  expect(fillDefaults(schema, complete)).toBe(complete);
  const filled = fillDefaults(schema, { url: 'x' }) as { tags: string[] };
  expect(() => filled.tags.push('b')).toThrow(TypeError);
});

test('other values and schemas that hold themselves do no harm', () => {
  const loop: Record<string, unknown> = { type: 'object', properties: {} };
  (loop.properties as Record<string, unknown>).self = loop;
  expect(fillDefaults(loop, { self: { self: {} } })).toEqual({ self: { self: {} } });
  expect(fillDefaults(schema, 'text')).toBe('text');
  expect(fillDefaults(true, { a: 1 })).toEqual({ a: 1 });
});
