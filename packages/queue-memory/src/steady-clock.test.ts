import { afterEach, expect, test, vi } from 'vitest';
import { createMemoryQueue } from './index.ts';

afterEach(() => void vi.useRealTimers());

test.each([
  ['back', -3 * 3_600_000],
  ['forward', 3 * 3_600_000],
])('what waits comes in its time when the clock of the machine is set %s', async (_, by) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const queue = createMemoryQueue({ visibility: 60 });
  await queue.open();
  await queue.enqueue('q', { name: 'held', payload: 1 });
  await queue.enqueue('q', { name: 'soon', payload: 2 }, { delay: 30 });
  await queue.enqueue('q', { name: 'late', payload: 3 }, { delay: 3_600_000 });
  expect((await queue.getTask('q', 0))?.name).toBe('held');
  vi.setSystemTime(Date.now() + by);
  expect((await queue.getTask('q', 10_000))?.name).toBe('soon');
  expect((await queue.getTask('q', 10_000))?.name).toBe('held');
  expect(await queue.getTask('q', 0)).toBeUndefined();
  await queue.close();
});
