import { expect, test } from 'vitest';
import { elapsed } from './elapsed.ts';

test.each([
  [12.4, '12ms'],
  [59_960, '1m 00s'],
  [3_720_000, '1h 02m'],
  [86_399_000, '23h 59m'],
  [86_400_000, '1d 00h'],
  [(51 * 60 + 59) * 60_000, '2d 03h'],
])('%i ms is %s', (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});
