import { expect, test, vi } from 'vitest';
import { createMemoryEventBus } from '../adapters/memory/index.ts';
import type { Execution } from '../model/execution.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Ends } from './ends.ts';
import { settle, WallClock } from './schedules/testing/wall-clock.ts';
import { Closing, type EndSource, waitForEnd } from './wait-for-end.ts';

const ended = { id: 'e', status: 'success' } as Execution;
const running = { id: 'e', status: 'running' } as ExecutionRecord;

/** A process that works on the execution. */
async function createProcess() {
  const ends = new Ends();
  const clock = new FakeClock();
  const bus = createMemoryEventBus();
  await bus.open();
  const read = vi.fn(async () => running);
  const closing = new Closing();
  const here: EndSource['here'] = (listener) => ends.watch('e', listener);
  const source: EndSource = { clock, bus, read, here, closing };
  return { ends, clock, bus, read, source, closing };
}

test('whoever waits for what this process works on is given it at its end, and nothing is read', async () => {
  const { ends, clock, read, source } = await createProcess();
  const waiting = [waitForEnd('e', source, {}), waitForEnd('e', source, { timeout: 1000 })];
  const made = vi.fn(() => ended);
  ends.tell('other', made);
  ends.tell('e', made);
  expect(await Promise.all(waiting)).toEqual([ended, ended]);
  expect(made).toHaveBeenCalledOnce();
  expect(read).not.toHaveBeenCalled();
  expect([ends.size, clock.pending]).toEqual([0, 0]);
});

test('whoever stops waiting leaves nothing behind, however often', async () => {
  const { ends, clock, source } = await createProcess();
  for (let time = 0; time < 3; time++) {
    const stop = new AbortController();
    const late = waitForEnd('e', source, { timeout: 1000 });
    const aborted = waitForEnd('e', source, { signal: stop.signal });
    expect(ends.size).toBe(1);
    stop.abort();
    expect(await aborted).toBeUndefined();
    await clock.advance(1000);
    expect(await late).toBeUndefined();
    expect([ends.size, clock.pending]).toEqual([0, 0]);
  }
  expect(await waitForEnd('e', source, { timeout: 0 })).toBeUndefined();
  expect(await waitForEnd('e', source, { signal: AbortSignal.abort() })).toBeUndefined();
});

test('no longer than it was told to, though the clock is set back by hours meanwhile', async () => {
  const { clock: _, ...process } = await createProcess();
  const clock = new WallClock();
  const source = { ...process.source, clock };
  const elsewhere = { ...source, here: () => undefined };
  const waiting = [waitForEnd('e', source, { timeout: 5000 }), waitForEnd('e', elsewhere, { timeout: 5000 })];
  await settle();
  clock.shift(-3 * 3_600_000);
  await clock.advance(4000);
  const reads = process.read.mock.calls.length;
  expect(reads).toBe(3);
  await clock.advance(1000);
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  expect(clock.timers).toEqual([]);
});

test('one that this process lets go of is waited for wherever it goes on', async () => {
  const { ends, bus, read, source } = await createProcess();
  const waiting = waitForEnd('e', source, {});
  ends.tell('e', () => undefined);
  await vi.waitUntil(() => read.mock.calls.length === 1);
  read.mockResolvedValue({ ...running, status: 'success', completed_at: '2030-01-01T00:00:00.000Z' });
  bus.publish({
    ...{ event: 'workflow_completed', status: 'success', seq: 2, execution_id: 'e' },
    timestamp: '2030-01-01T00:00:00.000Z',
  });
  expect(await waiting).toBeUndefined();
  // What is told has been recorded.
  expect(read).toHaveBeenCalledTimes(1);
});

test('an end of which nothing was told is found all the same', async () => {
  const { clock, read, source } = await createProcess();
  const waiting = waitForEnd('e', { ...source, here: () => undefined }, {});
  await vi.waitUntil(() => clock.pending === 1);
  read.mockResolvedValue({ ...running, status: 'success', completed_at: '2030-01-01T00:00:00.000Z' });
  await clock.advance(2000);
  expect(await waiting).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(2);
});

test('whoever waits is told at once when nothing can be read any more', async () => {
  const { ends, clock, read, source, closing } = await createProcess();
  const elsewhere = { ...source, here: () => undefined };
  const waiting = [waitForEnd('e', source, {}), waitForEnd('e', elsewhere, {})];
  await vi.waitUntil(() => clock.pending === 1);
  const reason = new Error('closed');
  closing.close(reason);
  waiting.push(waitForEnd('e', source, {}), waitForEnd('e', elsewhere, {}));
  expect(await Promise.allSettled(waiting)).toEqual(waiting.map(() => ({ status: 'rejected', reason })));
  expect(read).toHaveBeenCalledTimes(1);
  expect([ends.size, clock.pending]).toEqual([0, 0]);
});
