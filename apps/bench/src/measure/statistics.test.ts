import { describe, expect, it } from 'vitest';
import { fitLine, pairwise, quantile, summarize } from './statistics.ts';

describe('summarize', () => {
  it('takes the median, the quartiles and the ends, whatever the order', () => {
    expect(summarize([5, 1, 4, 2, 3])).toEqual({ median: 3, min: 1, max: 5, low: 2, high: 4, samples: 5 });
  });

  it('does not change what it is given', () => {
    const values = [3, 1, 2];
    summarize(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('is not moved by one wild sample', () => {
    expect(summarize([10, 10, 11, 11, 900])).toMatchObject({ median: 11, high: 11 });
  });

  it('takes a single sample as it is, and refuses none', () => {
    expect(summarize([7])).toEqual({ median: 7, min: 7, max: 7, low: 7, high: 7, samples: 1 });
    expect(() => summarize([])).toThrow(RangeError);
  });

  it('sorts by value and not as text', () => {
    expect(summarize([100, 9, 20]).median).toBe(20);
  });
});

it('quantile lies between two samples', () => {
  expect(quantile([1, 2], 0.5)).toBe(1.5);
  expect(quantile([0, 10, 20, 30], 0.25)).toBe(7.5);
});

it('pairwise cancels out what both samples of a round have in common', () => {
  expect(pairwise([11, 21, 31], [10, 20, 30], 'difference')).toEqual([1, 1, 1]);
  expect(pairwise([20, 40], [10, 20], 'ratio')).toEqual([2, 2]);
  expect(() => pairwise([1], [1, 2], 'ratio')).toThrow(RangeError);
});

describe('fitLine', () => {
  it('finds a line and is sure of it', () => {
    const line = fitLine([0, 1, 2, 3].map((x) => [x, 2 * x + 5]));
    expect(line.slope).toBeCloseTo(2);
    expect(line.intercept).toBeCloseTo(5);
    expect(line.margin).toBeCloseTo(0);
  });

  it('is not sure of a slope that noise alone could make', () => {
    const noise = [3, -2, 1, -3, 2, -1, 3, -3, 2, -2];
    const { slope, margin } = fitLine(noise.map((y, x) => [x, 100 + y]));
    expect(Math.abs(slope)).toBeLessThan(margin);
  });

  it('sees a leak below noise that is larger than one step of it', () => {
    const points = Array.from({ length: 40 }, (_, x) => [x, x * 2 + (x % 2 === 0 ? 10 : -10)] as const);
    const { slope, margin } = fitLine(points);
    expect(slope - margin).toBeGreaterThan(0);
  });

  it('refuses too few points', () => {
    expect(() => fitLine([[0, 0]])).toThrow(RangeError);
  });
});
