import { type Execute, VwmpError } from '@vwmp/core';
import { createMemoryEventBus } from '@vwmp/core/memory';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  change,
  ended,
  type MemoryPlace,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { settle } from './testing/settle.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

const minute = 60_000;

describe('a start', () => {
  it('with the id of an execution that is worked on is refused, and harms nothing', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const platform = await openOver(place, { plugins: [testPlugin({ run: () => gate.promise })] });
    const document = workflow([
      { id: 'a', handler: 'test.run' },
      { id: 'b', handler: 'core.wait', config: { signal: 'go' } },
    ]);
    await platform.start(document, {}, { id: 'same' });
    await expect(platform.start(document, {}, { id: 'same' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    const other = await openOver(place, { worker: { inProcess: false } });
    await other.signal('same', 'go');
    await until(async () => (await other.execution('same'))!.steps.b!.status === 'success');
    gate.resolve();
  });

  it('that is refused is not logged as one that is taken up again', async () => {
    const place = createPlace();
    const lines: unknown[] = [];
    const logger = { log: (...line: unknown[]) => lines.push(line) };
    const platform = await openOver(place, { logger });
    change(place, 'append', () => () => {
      const details = { retryable: false };
      return Promise.reject(new VwmpError('STORE_FULL', 'The store has no room left.', details));
    });
    await expect(
      platform.start(workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }])),
    ).rejects.toMatchObject({ code: 'STORE_FULL' });
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(lines).toEqual([]);
  });

  it('with a key longer than any store takes is refused', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const document = workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]);
    await platform.start(document, {}, { idempotencyKey: 'x'.repeat(1000) });
    for (const idempotencyKey of ['x'.repeat(1001), 'ü'.repeat(501)])
      await expect(platform.start(document, {}, { idempotencyKey })).rejects.toMatchObject({
        code: 'VALUE_INVALID',
      });
  });

  it('is taken up by an idle worker whose clock was set back', async () => {
    const place = createPlace();
    let offset = 0;
    const clock = {
      now: () => place.clock.now() + offset,
      setTimer: (at: number, callback: () => void) => place.clock.setTimer(at - offset, callback),
    };
    const platform = await openOver(place, { clock, queue: createMemoryQueue({ clock }) });
    const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
    const queued = workflow(steps, { concurrency: { key: 'k' } });
    await ended(place, (await platform.start(queued)).execution_id);
    // The clock of the store goes on meanwhile: it is another machine's.
    offset = -60 * minute;
    await place.clock.advance(minute);
    const { execution_id: id } = await platform.start(queued);
    await place.clock.advance(minute);
    await ended(place, id);
  });
});

it('whoever waits for an execution is told at once that the platform closes', async () => {
  const place = createPlace();
  const platforms = [await openOver(place), await openOver(place, { worker: { inProcess: false } })];
  const wait = workflow([{ id: 'a', handler: 'core.wait', config: { signal: 'go' } }]);
  const { execution_id: id } = await platforms[0]!.start(wait);
  const waiting = platforms.flatMap((platform) => [
    platform.wait(id),
    platform.wait(id, { timeout: minute }),
  ]);
  const outcome = Promise.allSettled(waiting);
  await until(async () => (await statusOf(place, id)) === 'waiting');
  await Promise.all(platforms.map((platform) => platform.close()));
  const closed = { status: 'rejected', reason: { code: 'ENGINE_CLOSED' } };
  expect(await outcome).toMatchObject(waiting.map(() => closed));
});

it('what a queue has lost is looked for as soon as others are heard again', async () => {
  const place = createPlace();
  let resumed = (): void => {};
  const bus = { ...createMemoryEventBus() };
  bus.onResume = (listener) => {
    resumed = listener;
    return () => {};
  };
  const queue = createMemoryQueue({ clock: place.clock });
  let isLosing = true;
  const forgetful = {
    ...queue,
    enqueue: async (...given: Parameters<typeof queue.enqueue>) =>
      isLosing ? { id: 'lost', created: true } : queue.enqueue(...given),
  } as typeof queue;
  const platform = await openOver(place, { bus, queue: forgetful, queueBackend: 'redis' });
  const { execution_id: id } = await platform.start(
    workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]),
  );
  await place.clock.advance(5000);
  expect(await statusOf(place, id)).toBe('pending');
  isLosing = false;
  resumed();
  await place.clock.advance(100);
  await ended(place, id, 1000);
});

it('what was started is in the queue when its platform has closed', async () => {
  const place = createPlace();
  const queue = createMemoryQueue({ clock: place.clock });
  let open = true;
  const slow: typeof queue = {
    ...queue,
    async enqueue(...given) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (!open) throw new Error('It is closed.');
      return queue.enqueue(...given);
    },
    close: async () => {
      open = false;
    },
  };
  const parts = { queue: slow, queueBackend: 'redis' as const };
  const platform = await openOver(place, { ...parts, worker: { inProcess: false } });
  await platform.start(workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]));
  await platform.close();
  expect((await queue.counts('executions')).waiting).toBe(1);
});

describe('closing', () => {
  it('lets what runs signal others', async () => {
    const place = createPlace();
    const gate = Promise.withResolvers<void>();
    const run: Execute = async ({ executions }) => {
      await gate.promise;
      await executions.signal('target', 'go', 1);
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run })] });
    const wait = { id: 'a', handler: 'core.wait', config: { signal: 'go' } };
    await platform.start(workflow([wait]), {}, { id: 'target' });
    const { execution_id: id } = await platform.start(workflow([{ id: 'a', handler: 'test.run' }]));
    await settle();
    const closing = platform.close();
    await settle();
    gate.resolve();
    await closing;
    await openOver(place, { plugins: [testPlugin({ run: () => 'again' })] });
    await ended(place, id);
    await ended(place, 'target');
    expect([await statusOf(place, id), await statusOf(place, 'target')]).toEqual(['success', 'success']);
  });

  it('while an execution is being claimed leaves it to others', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const plugins = (name: string) => [testPlugin({ run: () => void ran.push(name) })];
    const front = await openOver(place, { plugins: plugins('front'), worker: { inProcess: false } });
    const { execution_id: id } = await front.start(workflow([{ id: 'a', handler: 'test.run' }]));
    const claimed = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    change(place, 'claim', (claim) => async (...given) => {
      const record = await claim(...given);
      claimed.resolve();
      await answer.promise;
      return record;
    });
    const platform = await openOver(place, { plugins: plugins('closed') });
    await claimed.promise;
    const closing = platform.close();
    await settle();
    answer.resolve();
    await closing;
    await openOver(place, { plugins: plugins('other') });
    await ended(place, id);
    expect(ran).toEqual(['other']);
  });

  describe('tells the others, no timer being due, of an execution', () => {
    const openTwo = async (place: MemoryPlace, run: Execute) => {
      const queue = shared(createMemoryQueue({ clock: place.clock }));
      const given = { queue, queueBackend: 'redis', plugins: [testPlugin({ run })] } as const;
      return [await openOver(place, given), await openOver(place, given)];
    };

    it('whose task it has taken, and that it claims too late', async () => {
      const place = createPlace();
      const platforms = await openTwo(place, () => null);
      const retired = Promise.withResolvers<void>();
      change(place, 'retire', (retire) => (worker) => retire(worker).finally(retired.resolve));
      let closing: Promise<void> | undefined;
      change(place, 'claim', (claim) => async (id, worker, now) => {
        closing ??= platforms.find(({ workerId }) => workerId === worker)!.close();
        await retired.promise;
        return claim(id, worker, now);
      });
      const { execution_id: id } = await platforms[0]!.start(workflow([{ id: 'a', handler: 'test.run' }]));
      await ended(place, id);
      await closing;
    });

    it('that does not end within the grace period', async () => {
      const place = createPlace();
      const running = Promise.withResolvers<void>();
      let runs = 0;
      const platforms = await openTwo(place, () => {
        running.resolve();
        return ++runs === 1 ? new Promise(() => {}) : null;
      });
      const { execution_id: id } = await platforms[0]!.start(workflow([{ id: 'a', handler: 'test.run' }]));
      await running.promise;
      const { owner } = (await place.storage.executions.get(id))!;
      const first = platforms.find(({ workerId }) => workerId === owner)!;
      first.settings.worker.gracePeriod = 1000;
      const closing = first.close();
      await place.clock.advance(1000);
      await closing;
      await ended(place, id);
    });
  });
});
