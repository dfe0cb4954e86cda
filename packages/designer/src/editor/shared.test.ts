import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shared } from './shared.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test('all who ask within a time are given one answer', async () => {
  let asked = 0;
  const ask = shared(async () => ++asked, 1000);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  vi.setSystemTime(Date.now() + 999);
  expect(await ask()).toBe(1);
  vi.setSystemTime(Date.now() + 1);
  expect(await ask()).toBe(2);
});

test('a failure is told to all who wait for it, and not kept', async () => {
  let asked = 0;
  const ask = shared(async () => {
    if (++asked === 1) throw new Error('no');
    return asked;
  });
  const [first, second] = [ask(), ask()];
  await expect(first).rejects.toThrow('no');
  await expect(second).rejects.toThrow('no');
  expect(await ask()).toBe(2);
});
