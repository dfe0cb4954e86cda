import { expect, it } from 'vitest';
import { chanceOf, quantileRatio } from './permutation.ts';

const rounds = Array.from({ length: 40 }, (_, i) => 100 + ((i * 37) % 40));
const slow = rounds.map((value) => value * 2);

it.each([0.2, 0.5, 0.95])('is sure of nothing when both sides are the same (p%d)', (q) => {
  expect(quantileRatio(rounds, rounds, q)).toBe(1);
  expect(chanceOf(rounds, rounds, q, 1000)).toBe(1);
});

it.each([0.2, 0.5, 0.95])('is sure when every round is slower, and that it is not faster (p%d)', (q) => {
  expect(quantileRatio(rounds, slow, q)).toBeCloseTo(2);
  expect(chanceOf(rounds, slow, q, 10_000)).toBeLessThan(0.001);
  expect(chanceOf(slow, rounds, q, 1000)).toBeGreaterThan(0.99);
});

it.each([0.2, 0.5, 0.95])('counts what all permutations come to (p%d)', (q) => {
  const [base, head] = [
    [10, 12, 11, 19, 13, 14],
    [11, 15, 10, 22, 14, 13],
  ];
  const observed = quantileRatio(base!, head!, q);
  const all = Array.from({ length: 64 }, (_, bits) => {
    const side = (which: number): number[] =>
      base!.map((value, i) => (((bits >> i) & 1) === which ? value : head![i]!));
    return quantileRatio(side(0), side(1), q);
  });
  const exact = all.filter((ratio) => ratio >= observed * (1 - 1e-9)).length / 64;
  expect(Math.abs(chanceOf(base!, head!, q, 20_000) - exact)).toBeLessThan(0.02);
});

it('says the same of the same samples', () => {
  const other = rounds.map((value, i) => value + ((i * 13) % 17));
  expect(chanceOf(rounds, other, 0.95, 500)).toBe(chanceOf(rounds, other, 0.95, 500));
});
