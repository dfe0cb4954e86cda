import { expect, it } from 'vitest';
import { judge } from '../../report/verdict.ts';
import { slope } from './slope.ts';

const base = { id: 'a.b', what: 'memory' };
const points = (bytes: (n: number) => number): (readonly [number, number])[] =>
  Array.from({ length: 21 }, (_, n) => [n * 1000, bytes(n)] as const);

it('calls a leak one and noise none', () => {
  const leak = slope(
    base,
    points((n) => 1e8 + n * 1000 * 500 + (n % 3) * 1e5),
  );
  expect(leak.measured.median).toBeCloseTo(500, -1);
  expect(judge(leak, { max: 10 })).toBe('missed');
  const noise = slope(
    base,
    points((n) => 1e8 + (n % 2) * 1e6),
  );
  expect(judge(noise, { max: 10 })).not.toBe('missed');
});

it('says how it was at first and in the end', () => {
  expect(
    slope(
      base,
      points((n) => (10 + n) * 1024 * 1024),
    ).note,
  ).toContain('10.0 MiB at first, 30.0 after 20,000');
});
