import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RetryPolicy } from './definition.ts';
import { mayRetry, retryDelay } from './retry.ts';
import { Example } from './testing/example.ts';

const policy: RetryPolicy = { attempts: 4, delay: 100, factor: 2, max: 1000, jitter: false };

test('delays grow by the factor up to the maximum', () => {
  const delays = [1, 2, 3, 4, 5, 6].map((attempt) => retryDelay(policy, attempt, 0.5));
  expect(delays).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(retryDelay({ ...policy, factor: 1 }, 9, 0.5)).toBe(100);
});

test('jitter spreads a delay over its upper half, and no delay is anything but a number up to the maximum', () => {
  expect(retryDelay({ ...policy, jitter: true }, 2, 0)).toBe(100);
  expect(retryDelay({ ...policy, jitter: true }, 2, 0.999_999)).toBe(200);
  const anyPolicy = fc.record({
    attempts: fc.constant(9999),
    delay: fc.nat({ max: 10_000 }),
    factor: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.double({ min: 0.1, max: 1e6, noNaN: true })),
    max: fc.nat({ max: 100_000 }),
    jitter: fc.boolean(),
  });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 1, max: 9999 }), chance, (any, attempt, random) => {
      const full = retryDelay({ ...any, jitter: false }, attempt, 0);
      const delay = retryDelay(any, attempt, random);
      expect(full).toBeLessThanOrEqual(any.max);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(any.jitter ? full / 2 : full));
      expect(delay).toBeLessThanOrEqual(full);
    }),
    { seed: 10, numRuns: 1000 },
  );
});

test('an attempt is repeated while attempts are left, the error may pass and its code is listed', () => {
  const busy = { code: 'BUSY', message: 'No.' };
  expect(mayRetry(policy, 3, busy)).toBe(true);
  expect(mayRetry(policy, 4, busy)).toBe(false);
  expect(mayRetry(policy, 1, { ...busy, retryable: false })).toBe(false);
  expect(mayRetry({ ...policy, on: ['DOWN'] }, 1, busy)).toBe(false);
  expect(mayRetry({ ...policy, on: ['DOWN', 'BUSY'] }, 1, busy)).toBe(true);
});

test('a step waits for its next attempt, and counts only those that began', () => {
  const run = new Example([{ id: 'a', retry: { attempts: 3, delay: '1s' } }]);
  expect(run.fail('a')).toEqual([{ type: 'set_timer', key: 'a', at: '1970-01-01T00:00:01.000Z' }]);
  expect(run.step('a').attempts).toBe(1);
  run.at = 1000;
  expect(run.send({ type: 'timer', key: 'a', random: 0 })).toEqual([
    { type: 'run', step_id: 'a', attempt: 2, iteration: 0 },
  ]);
  run.fail('a');
  run.send({ type: 'cancel', error: { code: 'EXECUTION_CANCELLED', message: 'Enough.' } });
  expect(run.step('a')).toMatchObject({ status: 'cancelled', attempts: 2 });
});

test('the result of an attempt that was given up does not count for its successor', () => {
  const run = new Example([{ id: 'a', retry: { attempts: 2, delay: 0 } }]);
  run.fail('a', { code: 'STEP_TIMEOUT' });
  run.send({ type: 'timer', key: 'a', random: 0 });
  run.send({ type: 'succeeded', step_id: 'a', output: 'late', attempt: 1 });
  expect(run.steps.a).toBe('running');
  run.send({ type: 'succeeded', step_id: 'a', output: 'in time', attempt: 2 });
  expect(run.step('a')).toMatchObject({ status: 'success', output: 'in time', attempts: 2 });
});

test('a timer that comes early is set again', () => {
  const run = new Example([{ id: 'a', retry: { attempts: 2, delay: '1s' } }]);
  const [timer] = run.fail('a');
  run.at = 999;
  expect(run.send({ type: 'timer', key: 'a', random: 0 })).toEqual([timer]);
});
