import type { Execute } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { expect, it } from 'vitest';
import { ended, openOver, statusOf, testPlugin, until, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

/** A handler that notes how many of it run at a time, and ends when told. */
function counted(): { act: Execute; most: () => number; running: () => number; release: () => void } {
  let running = 0;
  let most = 0;
  const held: (() => void)[] = [];
  return {
    act: async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => held.push(resolve));
      running--;
    },
    most: () => most,
    running: () => running,
    release: () => {
      for (const resolve of held.splice(0)) resolve();
    },
  };
}

const turns = async (count = 50): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it('a worker works on as many executions as it may, however they came to it', async () => {
  const place = createPlace();
  const { act, most, running, release } = counted();
  const platform = await openOver(place, { worker: { concurrency: 2 }, plugins: [testPlugin({ act })] });
  const sleeps = { id: 's', handler: 'core.sleep', config: { duration: '10s' } };
  const parked = workflow([sleeps, { id: 'a', handler: 'test.act', dependencies: ['s'] }]);
  const ids: string[] = [];
  const start = async (document = workflow([{ id: 'a', handler: 'test.act' }])): Promise<void> => {
    ids.push((await platform.start(document)).execution_id);
  };
  for (let n = 0; n < 3; n++) await start(parked);
  await until(async () =>
    (await Promise.all(ids.map((id) => statusOf(place, id)))).every((s) => s === 'waiting'),
  );
  await start();
  // Those that sleep are due while others begin at once, wait in the queue, and have a concurrency key.
  await place.clock.advance(10_000);
  for (let n = 0; n < 3; n++) await start();
  await start(workflow([{ id: 'a', handler: 'test.act' }], { concurrency: { key: 'k' } }));
  await place.clock.advance(1);
  await until(() => running() === 2);
  await turns();
  expect(running()).toBe(2);
  while (ids.length > 0) {
    release();
    await place.clock.advance(1);
    for (const id of [...ids]) {
      if ((await place.storage.executions.get(id))?.completed_at !== undefined)
        ids.splice(ids.indexOf(id), 1);
    }
  }
  expect(most()).toBe(2);
});

it('executions for which there is no place for long stand in the queue no oftener for it', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const platform = await openOver(place, { worker: { concurrency: 1 }, plugins: [testPlugin({ act })] });
  const ids: string[] = [];
  for (let n = 0; n < 4; n++)
    ids.push((await platform.start(workflow([{ id: 'a', handler: 'test.act' }]))).execution_id);
  await until(() => running() === 1);
  await place.clock.advance(20_000);
  const { waiting } = await platform.queue.counts('executions');
  for (let look = 0; look < 5; look++) await place.clock.advance(20_000);
  expect((await platform.queue.counts('executions')).waiting).toBe(waiting);
  for (const id of ids) {
    await until(() => running() === 1);
    release();
    await ended(place, id);
  }
});

it('executions that wait for a worker of another queue keep nobody from working', async () => {
  const place = createPlace();
  const platform = await openOver(place, {
    worker: { concurrency: 2 },
    plugins: [testPlugin({ act: () => null })],
  });
  await platform.queue.pause('gpu');
  const elsewhere = workflow([{ id: 'a', handler: 'test.act', queue: 'gpu' }]);
  const waiting: string[] = [];
  for (let n = 0; n < 5; n++) waiting.push((await platform.start(elsewhere)).execution_id);
  const other = (await platform.start(workflow([{ id: 'a', handler: 'test.act' }]))).execution_id;
  const cancelled = (await platform.start(elsewhere)).execution_id;
  await platform.cancel(cancelled);
  await until(async () => {
    await place.clock.advance(1000);
    return (await place.storage.executions.get(other))?.completed_at !== undefined;
  });
  await until(async () => {
    await place.clock.advance(1000);
    return (await statusOf(place, cancelled)) === 'cancelled';
  });
  await platform.queue.resume('gpu');
  for (const id of waiting) {
    await ended(place, id);
    expect(await statusOf(place, id)).toBe('success');
  }
});

it('an execution is held while a worker of its own process soon has done its step', async () => {
  const place = createPlace();
  const { act, running, release } = counted();
  const platform = await openOver(place, { plugins: [testPlugin({ act })] });
  const id = (await platform.start(workflow([{ id: 'a', handler: 'test.act', queue: 'gpu' }]))).execution_id;
  await until(() => running() === 1);
  const ownerOf = async (): Promise<string | undefined> => (await place.storage.executions.get(id))?.owner;
  await turns();
  expect(await ownerOf()).toBeDefined();
  await place.clock.advance(1001);
  await until(async () => (await ownerOf()) === undefined);
  release();
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('success');
});

it('a process that serves other queues only begins nothing that it would not go on with', async () => {
  const place = createPlace();
  const runs: string[] = [];
  const act: Execute = ({ step }) => void runs.push(step.id);
  const plugins = [testPlugin({ act })];
  const steps = workflow([{ id: 'a', handler: 'test.act' }]);
  const special: Platform = await openOver(place, { worker: { unified: false, queues: ['gpu'] }, plugins });
  const id = (await special.start(steps)).execution_id;
  await turns();
  expect(await statusOf(place, id)).toBe('pending');
  await openOver(place, { plugins });
  await ended(place, id);
  expect(runs).toEqual(['a']);
});
