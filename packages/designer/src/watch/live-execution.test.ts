import type { Execution } from '@vwmp/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Backend, ExecutionWatcher } from '../backend.ts';
import { LiveExecution } from './live-execution.ts';

const execution = { id: 'x', status: 'running', steps: {}, started_at: '' } as unknown as Execution;
const away = Object.assign(new Error('The server cannot be reached.'), { status: 0 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers as it is told to. */
function follow(answer: () => Execution): {
  live: LiveExecution;
  asked: () => number;
  watchers: ExecutionWatcher[];
} {
  const watchers: ExecutionWatcher[] = [];
  const readExecution = vi.fn(async () => answer());
  const backend = {
    readExecution,
    readLogs: async () => ({ results: [] }),
    watchExecution: (_: string, __: number, watcher: ExecutionWatcher) => {
      watchers.push(watcher);
      return () => {};
    },
  } as unknown as Backend;
  const live = new LiveExecution(backend, 'x');
  live.subscribe(() => {});
  return { live, asked: () => readExecution.mock.calls.length, watchers };
}

it('shows an execution that was opened during an outage as soon as the server is back', async () => {
  let isAway = true;
  const { live, asked } = follow(() => {
    if (isAway) throw away;
    return execution;
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(live.getState()).toMatchObject({ error: away, trying: true });
  await vi.advanceTimersByTimeAsync(30_000);
  // Rarer and rarer.
  expect(asked()).toBe(6);
  isAway = false;
  await vi.advanceTimersByTimeAsync(16_000);
  expect(live.getState()).toMatchObject({ execution, error: undefined, trying: false });
});

it('tries what is not there once, and again when it is told to', async () => {
  let isThere = false;
  const { live, asked } = follow(() => {
    if (!isThere) throw Object.assign(new Error('There is no such execution.'), { status: 404 });
    return execution;
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
  expect(live.getState()).toMatchObject({ trying: false });
  isThere = true;
  live.retry();
  await vi.advanceTimersByTimeAsync(100);
  expect(live.getState()).toMatchObject({ execution, error: undefined });
});

it('says why it is not followed any more, and is followed again when it is told to', async () => {
  const { live, watchers } = follow(() => execution);
  await vi.advanceTimersByTimeAsync(100);
  watchers[0]!.onConnection?.(false);
  watchers[0]!.onEnd?.(new Error('The key was revoked.'));
  await vi.advanceTimersByTimeAsync(100);
  expect(live.getState()).toMatchObject({ connected: true, ended: new Error('The key was revoked.') });
  live.retry();
  await vi.advanceTimersByTimeAsync(100);
  expect(live.getState()).toMatchObject({ connected: true, ended: undefined });
  expect(watchers).toHaveLength(2);
});
