import type { ExecutionEvent } from '@vwmp/core';
import { expect, it } from 'vitest';
import { progressOf, RunHistories, type RunHistory } from './attempts.ts';

const runHistories = (events: readonly ExecutionEvent[]): RunHistory[] => new RunHistories().read(events);

const at = (second: number): string => new Date(second * 1000).toISOString();
let seq = 0;
function event(second: number, fields: object): ExecutionEvent {
  return { execution_id: 'x', seq: ++seq, timestamp: at(second), ...fields } as ExecutionEvent;
}
const error = { code: 'STEP_FAILED', message: 'No.' };

it('shows each attempt where it was, and the pauses between them, from recorded events alone', () => {
  const step = { step_id: 'a', started_at: at(1) };
  const [run] = runHistories([
    event(2, { event: 'step_retrying', ...step, attempt: 1, error, retry_at: at(5) }),
    event(6, { event: 'step_retrying', ...step, attempt: 2, error, retry_at: at(9) }),
    event(10, {
      event: 'step_completed',
      ...step,
      status: 'success',
      attempts: 3,
      output: 1,
      duration_ms: 9000,
    }),
  ]);
  expect(run!.spans.map(({ kind, from, to, outcome }) => [kind, from / 1000, to! / 1000, outcome])).toEqual([
    ['attempt', 1, 2, 'retried'],
    ['pause', 2, 5, undefined],
    ['attempt', 5, 6, 'retried'],
    ['pause', 6, 9, undefined],
    ['attempt', 9, 10, 'success'],
  ]);
});

it('shows what a step waits for until it goes on', () => {
  const wait = { kind: 'signal', signal: 'go' };
  const events = [event(2, { event: 'step_waiting', step_id: 'a', attempt: 1, wait, started_at: at(1) })];
  const [waiting] = runHistories(events);
  expect(waiting!.spans.at(-1)).toMatchObject({ kind: 'wait', from: 2000, wait });
  expect(waiting!.spans.at(-1)!.to).toBeUndefined();
  const [resumed] = runHistories([
    ...events,
    event(7, { event: 'step_resumed', step_id: 'a', payload: null }),
  ]);
  expect(resumed!.spans.map(({ kind, to }) => [kind, to])).toEqual([
    ['attempt', 2000],
    ['wait', 7000],
    ['attempt', undefined],
  ]);
});

it('gives a foreach and each item of it a row of its own', () => {
  const runs = runHistories([
    event(1, { event: 'foreach_started', step_id: 'a', total: 2, started_at: at(1) }),
    event(1, { event: 'step_started', step_id: 'a', index: 0, attempt: 1 }),
    event(2, { event: 'item_completed', step_id: 'a', index: 0, output: 1, attempts: 1 }),
    event(2, { event: 'step_started', step_id: 'a', index: 1, attempt: 1 }),
    event(4, { event: 'item_failed', step_id: 'a', index: 1, error, attempts: 1 }),
  ]);
  expect(runs.map(({ index, spans }) => [index, spans[0]!.from, spans[0]!.to, spans[0]!.outcome])).toEqual([
    [undefined, 1000, undefined, undefined],
    [0, 1000, 2000, 'success'],
    [1, 2000, 4000, 'failed'],
  ]);
});

it('ends what is open when the execution ends', () => {
  const [run] = runHistories([
    event(1, { event: 'step_started', step_id: 'a', attempt: 1 }),
    event(3, { event: 'workflow_completed', status: 'cancelled' }),
  ]);
  expect(run!.spans[0]!.to).toBe(3000);
});

it('counts what has settled', () => {
  const step = (status: string): never => ({ status, attempts: 0 }) as never;
  const steps = { a: step('success'), b: step('failed'), c: step('running'), d: step('skipped') };
  expect(progressOf({ steps })).toEqual({ total: 4, completed: 3, failed: 1 });
});

it('gives the same object again for a run to which nothing has happened', () => {
  const started = (index: number) => event(2, { event: 'step_started', step_id: 'a', index, attempt: 1 });
  const ended = (index: number) =>
    event(3, { event: 'item_completed', step_id: 'a', index, output: 1, attempts: 1 });
  const histories = new RunHistories();
  const events = [
    event(1, { event: 'foreach_started', step_id: 'a', total: 3, started_at: at(1) }),
    ...[0, 1].map(started),
  ];
  const before = histories.read(events);
  const after = histories.read([...events, ended(1), started(2)]);
  expect(before.map(({ index, total }) => index ?? total)).toEqual([3, 0, 1]);
  expect(after.map((run, place) => run === before[place])).toEqual([true, true, false, false]);
  expect(after.map(({ spans }) => spans.at(-1)!.outcome)).toEqual([
    undefined,
    undefined,
    'success',
    undefined,
  ]);
  expect(histories.read([...events, ended(1), started(2)])).toEqual(after);
});
