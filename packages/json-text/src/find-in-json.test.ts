import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInJson } from './find-in-json.ts';

/** All that is come by. */
function walk(text: string): (string | number)[] {
  JSON.parse(text);
  const met: (string | number)[] = [];
  findInJson<never>(text, {
    collection: (depth) => void met.push(depth),
    key: (key, isRepeated) => void met.push(isRepeated ? `${key} again` : key),
    number: (written) => void met.push(`#${written}`),
  });
  return met;
}

test.each([
  ['null', []],
  ['"1"', []],
  ['-1.50e+3', ['#-1.50e+3']],
  ['[0,-0, 1E5\t,9007199254740993]', [1, '#0', '#-0', '#1E5', '#9007199254740993']],
  ['[[],[[]],{}]', [1, 2, 2, 3, 2]],
  ['["a", "a", "a:", {}]', [1, 2]],
  ['{"a": "a", "b": ["a"], "c": {"a": 1}}', [1, 'a', 'b', 2, 'c', 2, 'a', '#1']],
  ['[{"a": 1}, {"a": 2}]', [1, 2, 'a', '#1', 2, 'a', '#2']],
  ['{"a": {"a": {}}, "\\u0061"\r\n\t : 0}', [1, 'a', 2, 'a', 3, 'a again', '#0']],
  ['{"\\"1": "{\\\\", "": "\\"a\\": 2", "\\\\": [], "": ":"}', [1, '"1', '', '\\', 2, ' again']],
  ['{"__proto__": 1, "constructor": 2}', [1, '__proto__', '#1', 'constructor', '#2']],
])('%s', (text, met) => {
  expect(walk(text)).toEqual(met);
});

test('goes no further than the first that is found', () => {
  const asked: string[] = [];
  const find = (key: string): string | undefined => {
    asked.push(key);
    return key === 'b' ? `found ${key}` : undefined;
  };
  expect(findInJson('{"a": 1, "b": 2, "c": 3}', { key: find })).toBe('found b');
  expect(asked).toEqual(['a', 'b']);
  expect(
    findInJson('[[[[]]]]', { key: find, collection: (depth) => (depth > 2 ? `${depth} deep` : undefined) }),
  ).toBe('3 deep');
});

test('meets the numbers and keys of any value, in their order', () => {
  const value = fc.dictionary(
    fc.string(),
    fc.oneof(
      fc.integer(),
      fc.double(),
      fc.json().map((text) => JSON.parse(text) as unknown),
    ),
  );
  fc.assert(
    fc.property(value, (object) => {
      const expected: (string | number)[] = [];
      const visit = (each: unknown, depth: number): void => {
        if (typeof each === 'number') expected.push(`#${JSON.stringify(each)}`);
        if (typeof each !== 'object' || each === null) return;
        expected.push(depth);
        for (const [key, inner] of Object.entries(each)) {
          if (!Array.isArray(each)) expected.push(key);
          visit(inner, depth + 1);
        }
      };
      const text = JSON.stringify(object, undefined, 1);
      visit(JSON.parse(text), 1);
      expect(walk(text)).toEqual(expected);
    }),
  );
});

test('a text of any length and depth', () => {
  expect(walk(JSON.stringify({ s: 'a\\"'.repeat(3_000_000) }))).toEqual([1, 's']);
  expect(findInJson(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, { key: () => true })).toBeUndefined();
});
