import { expect, it } from 'vitest';
import { readJson } from './read-json.ts';

it.each([
  '9007199254740991',
  '-1.5e3',
  '[1e21, 1.5e+300, 5e-324, 0.0]',
  'null',
  '"9007199254740993"',
  '{"a": [1, {"a": 2}], "b\\"": "\\\\", "\\u00e9": "\\ud83d\\ude00\\/"}',
  '{\n\t"a":\t1\n}',
  JSON.stringify({ ['k'.repeat(2000)]: 2 ** 64 }),
])('reads %s', (text) => {
  expect(readJson(text, 'It')).toEqual(JSON.parse(text));
});

it.each([
  ['{a: 1}', 'It is not JSON.'],
  ['', 'It is not JSON.'],
  ['{"id": 9007199254740993}', '9007199254740993 has more digits than a number can keep'],
  ['[-12345678901234567890]', '-12345678901234567890 has more digits'],
  ['9007199254740993', '9007199254740993 has more digits'],
  ['{"id": 9007199254740993.0}', '9007199254740993.0 has more digits'],
  ['[1e-400]', '1e-400 has more digits'],
  ['{"a": 1e400}', '1e400 is not a number that JSON can hold'],
  ['{"a": 1, "b": {}, "\\u0061": 2}', 'The key "a" stands twice'],
  ['{"__proto__": 1}', 'The key "__proto__" is not allowed'],
])('refuses %s', (text, told) => {
  expect(() => readJson(text, 'It')).toThrow(told);
});
