import { expect, test } from 'vitest';
import { readJson } from './read-json.ts';

test.each([
  ['{"a": 1,\n b: 2}', 'The body is not valid JSON: see line 2, column 2.'],
  ['{"a": "secret', 'The body is not valid JSON'],
  ['[[[[]]]]', 'The body has more than 3 objects and lists inside of each other.'],
  ['{"__proto__": 1}', 'The body has the key "__proto__", which no object may have.'],
  ['{"a": 1, "\\u0061": 2}', 'The body has the key "a" twice in one object.'],
  [
    '[9007199254740993]',
    'The number 9007199254740993 would be rounded to 9007199254740992: integers are exact up to 9007199254740991. Send it as a text.',
  ],
  ['[1e400]', 'The number 1e400 is larger than numbers can be. Send it as a text.'],
])('%s is refused, with what is wrong', (text, told) => {
  expect(() => readJson(text, 3, true)).toThrow(told);
  expect(() => readJson(text, 3, true)).not.toThrow('secret');
});

test('numbers are left to those who read documents', () => {
  expect(readJson('[9007199254740993, {"a": [-1.5e3]}]', 3)).toEqual([2 ** 53, { a: [-1500] }]);
});
