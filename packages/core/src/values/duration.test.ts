import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['1.5s', 1_500],
  ['1.1s', 1_100],
  ['0.5ms', 0.5],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
  [0, 0],
  [1_234, 1_234],
])('%s is %s ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  '',
  '10',
  's',
  '-1s',
  '1w',
  '1 s',
  ' 1s',
  '1h30m',
  '1e3s',
  '.5s',
  '1.s',
  'Infinityms',
  '999999999999999d',
  `${'9'.repeat(400)}s`,
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%s is no duration', (number) => {
  expect(parseDuration(number)).toBeUndefined();
});

test.each([
  [0, '0ms'],
  [250, '250ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [1_234, '1234ms'],
  [90_000, '90s'],
  [5_400_000, '90m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
])('%s ms is written %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test('what is written is read back as the same number', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 12 }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
});
