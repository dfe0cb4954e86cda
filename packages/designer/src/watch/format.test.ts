import { expect, it } from 'vitest';
import { agoText, lengthText } from './format.ts';
import { ticksOf } from './timeline.tsx';

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [4200, '4.2 s'],
  [59_940, '60 s'],
  [59_960, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [4 * 86_400_000, '4 d'],
])('says %d ms as %s', (length, text) => expect(lengthText(length)).toBe(text));

it.each([
  [-5000, 'in 5 s'],
  [3000, 'just now'],
  [42_000, '42 s ago'],
  [5 * 60_000, '5 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [2 * 86_400_000, '2 d ago'],
])('says what was %d ms ago as %s', (length, text) => {
  const now = Date.parse('2026-01-20T12:00:00Z');
  expect(agoText(now - length, now)).toBe(text);
});

it('gives every length a few round ticks', () => {
  for (const length of [1, 7, 90, 4100, 61_000, 5_000_000, 90_000_000, 4e9, 1e12]) {
    const ticks = ticksOf(length);
    expect(ticks[0]).toBe(0);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(ticks.at(-1)).toBeLessThanOrEqual(length);
  }
});
