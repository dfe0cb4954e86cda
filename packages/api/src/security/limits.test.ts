import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimiter } from './limits.ts';

test('so many at once, then so many a second, each asker for itself', () => {
  let now = 0;
  const { take } = createRateLimiter({ rate: 2, burst: 3, now: () => now });
  expect([1, 2, 3].map(() => take('a').ok)).toEqual([true, true, true]);
  expect(take('a')).toEqual({ ok: false, retryAfter: 0.5 });
  expect(take('b').ok).toBe(true);
  now += 250;
  expect(take('a')).toEqual({ ok: false, retryAfter: 0.25 });
  now += 250;
  expect(take('a').ok).toBe(true);
  expect(take('a').ok).toBe(false);
  now += 3_600_000;
  expect([1, 2, 3, 4].map(() => take('a').ok)).toEqual([true, true, true, false]);
});

test.each([
  [3, 6],
  [0.2, 1],
])('of %d a second so many may come at once when nothing is said of it: %d', (rate, burst) => {
  const { take } = createRateLimiter({ rate, now: () => 0 });
  const taken = Array.from({ length: 10 }, () => take('a').ok).filter((ok) => ok);
  expect(taken).toHaveLength(burst);
});

test('no limit is no limit', () => {
  const { take } = createRateLimiter({ rate: 0 });
  for (let n = 0; n < 10_000; n++) expect(take('a').ok).toBe(true);
});

test('it never takes more than the burst and the rate allow', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.nat(2000), { maxLength: 300 }),
      (rate, burst, pauses) => {
        let now = 0;
        const { take } = createRateLimiter({ rate, burst, now: () => now });
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          if (take('a').ok) taken++;
          expect(taken).toBeLessThanOrEqual(burst + (now / 1000) * rate + 1e-6);
        }
      },
    ),
  );
});

test('however many ask, only so many are remembered', () => {
  let now = 0;
  const { take } = createRateLimiter({ rate: 1, burst: 1, most: 100, now: () => now });
  expect(take('first').ok).toBe(true);
  for (let n = 0; n < 99; n++) take(`other-${n}`);
  expect(take('first').ok).toBe(false);
  for (let n = 0; n < 99; n++) take(`more-${n}`);
  expect(take('first').ok).toBe(false);
  // Forgotten: it was not heard of for longest.
  for (let n = 0; n < 100; n++) take(`many-${n}`);
  now += 1;
  expect(take('first').ok).toBe(true);
});
