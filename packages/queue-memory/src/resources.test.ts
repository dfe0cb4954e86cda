import type { Clock } from '@vwmp/core/ports';
import { expect, test } from 'vitest';
import { createMemoryQueue } from './index.ts';

const task = { name: 'n', payload: { text: 'a task of the usual size' } };

/** A clock that notes how many timers run, and fires them when told. */
function countingClock(): Clock & {
  timers: Map<object, { at: number; callback: () => void }>;
  time: number;
} {
  return {
    time: 0,
    timers: new Map(),
    now() {
      return this.time;
    },
    setTimer(at, callback) {
      const key = {};
      this.timers.set(key, { at, callback });
      return () => void this.timers.delete(key);
    },
  };
}

test('one timer serves all that waits for a time, and none runs when nothing does', async () => {
  const clock = countingClock();
  const queue = createMemoryQueue({ clock });
  await queue.open();
  expect(clock.timers.size).toBe(0);
  for (const delay of [500, 100, 300]) await queue.enqueue('q', task, { delay });
  const waits = [queue.getTask('other', 50), queue.getTask('other', 60)];
  expect([...clock.timers.values()].map(({ at }) => at)).toEqual([50]);

  const fireAt = (time: number): void => {
    clock.time = time;
    for (const [key, { at, callback }] of [...clock.timers]) {
      if (at > time) continue;
      clock.timers.delete(key);
      callback();
    }
  };
  fireAt(60);
  expect(await Promise.all(waits)).toEqual([undefined, undefined]);
  expect([...clock.timers.values()].map(({ at }) => at)).toEqual([100]);
  fireAt(1000);
  expect(clock.timers.size).toBe(0);
  expect(await queue.counts('q')).toEqual({ waiting: 3, delayed: 0, active: 0, dead: 0 });

  // What was taken has limited time, until it is completed.
  const taken = await queue.getTask('q', 0);
  expect(clock.timers.size).toBe(1);
  await queue.markComplete(taken!);
  expect(clock.timers.size).toBe(0);
  await queue.close();
});

test('close leaves no timer and no handle', async () => {
  const clock = countingClock();
  const queue = createMemoryQueue({ clock });
  await queue.open();
  const before = process
    .getActiveResourcesInfo()
    .filter((type) => type !== 'Immediate')
    .sort();
  await queue.enqueue('q', task, { delay: 100 });
  queue.consume('q', { rate: { limit: 1, per: 1000 } }, async () => null);
  await queue.enqueue('q', task);
  await queue.enqueue('q', task);
  const waiting = queue.getTask('other', 1000);
  await queue.close();
  expect(await waiting).toBeUndefined();
  expect(clock.timers.size).toBe(0);
  expect(
    process
      .getActiveResourcesInfo()
      .filter((type) => type !== 'Immediate')
      .sort(),
  ).toEqual(before);
});

test('an idle queue with a consumer has no timer and no handle', async () => {
  const before = process.getActiveResourcesInfo().sort();
  const queue = createMemoryQueue();
  await queue.open();
  const consumer = queue.consume('q', { concurrency: 5 }, async () => null);
  expect(process.getActiveResourcesInfo().sort()).toEqual(before);
  await queue.enqueue('q', task, { delay: 60_000 });
  expect(process.getActiveResourcesInfo().length).toBe(before.length + 1);
  await consumer.close();
  await queue.close();
  expect(process.getActiveResourcesInfo().sort()).toEqual(before);
});

test('two hundred thousand tasks come in order, by hand and by a consumer', async () => {
  const count = 200_000;
  const queue = createMemoryQueue({ limit: count });
  await queue.open();
  for (let number = 0; number < count; number++)
    await queue.enqueue(
      'q',
      { name: 'n', payload: number },
      { priority: number % 5, delay: number % 7 ? 0 : 1 },
    );
  let last = { priority: Number.POSITIVE_INFINITY, number: -1 };
  let ordered = 0;
  let seen = 0;
  await new Promise<void>((resolve) => {
    queue.consume('q', { concurrency: 10 }, async ({ payload }) => {
      const number = payload as number;
      const priority = number % 5;
      if (priority < last.priority || (priority === last.priority && number > last.number)) ordered++;
      last = { priority, number };
      if (++seen === count) resolve();
      return null;
    });
  });
  // Those that were delayed came between, as they became due.
  expect(ordered).toBeGreaterThan(count * 0.7);
  await queue.close();
});

test('dead letters are bounded, and the oldest go first', async () => {
  const queue = createMemoryQueue({ deadLimit: 3 });
  await queue.open();
  for (let number = 0; number < 5; number++) {
    await queue.enqueue('q', { name: 'n', payload: number });
    await queue.markFailed((await queue.getTask('q', 0))!, { code: 'NO', message: 'no' });
  }
  expect((await queue.dead('q')).results.map(({ task: { payload } }) => payload)).toEqual([2, 3, 4]);
  expect(await queue.counts('q')).toMatchObject({ waiting: 0, delayed: 0, active: 0, dead: 3 });
  await queue.close();
});

test('a payload without a JSON form is refused by its queue and name, not by its content', async () => {
  const queue = createMemoryQueue();
  await queue.open();
  const cyclic: { self?: unknown; secret: string } = { secret: 'hunter2' };
  cyclic.self = cyclic;
  for (const payload of [undefined, () => 0, cyclic, 1n]) {
    const adding = queue.enqueue('q', { name: 'bad', payload: payload as never });
    await expect(adding).rejects.toMatchObject({ code: 'VALUE_INVALID' });
    await expect(adding).rejects.toThrow(/"bad".*"q"/);
    await expect(adding).rejects.not.toThrow('hunter2');
  }
  await queue.close();
});
