import { expect, test } from 'vitest';
import { lossIn } from './exact.ts';

test.each([
  ['9007199254740991', undefined],
  ['[-1.5e3, 0.12345678901234567890, 1e300]', undefined],
  ['{"a": "9007199254740993", "b\\"": "\\\\", "c": {"a": 1}, "d": [{"a": 1}, {"a": 2}]}', undefined],
  ['"{\\"a\\": 1, \\"a\\": 2}"', undefined],
  ['["a", "a"]', undefined],
  ['{"9007199254740993": 1}', undefined],
  [JSON.stringify([2 ** 64, -(2 ** 64), 1.795385292287e18]), undefined],
  ['[9007199254740993]', /^9007199254740993 would be rounded to 9007199254740992/],
  ['[9007199254740993.0]', /^9007199254740993\.0 would be rounded to 9007199254740992/],
  ['[9007199254740991.9, 1]', /^9007199254740991\.9 would be rounded to 9007199254740992/],
  ['[-9007199254740993e0]', /^-9007199254740993e0 would be rounded to -9007199254740992/],
  ['[1e-400]', /^1e-400 is smaller/],
  ['[0, -0, 0.0, 0e5, 5e-324, 1E21, 1.5e+300, 9007199254740992.0, 18446744073709551616]', undefined],
  ['{"a": -1e999}', /^-1e999 is larger/],
  ['{"a": 1, "b": {"a": 1}, "\\u0061"\n : 2}', /^The key "a" stands twice/],
])('%s', (json, told) => {
  if (told === undefined) expect(lossIn(json)).toBeUndefined();
  else expect(lossIn(json)).toMatch(told);
});
