import type { Execute } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  ended,
  type MemoryPlace,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

/** A step of another queue that ends when it is let go, and whether it listens to being aborted. */
interface Setup {
  place: MemoryPlace;
  owner: Platform;
  /** Opens one more like the owner. */
  another(): Promise<Platform>;
  begun: Promise<void>;
  end(): void;
  undone: string[];
}

const heeds: Execute = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

async function setUp({
  far,
  worker = true,
  most = 8,
}: {
  far?: Execute;
  worker?: boolean;
  most?: number;
} = {}): Promise<Setup> {
  const place = createPlace();
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<string>();
  const undone: string[] = [];
  const plugins = [
    testPlugin({
      near: () => null,
      far: (context) => {
        begun.resolve();
        return far ? far(context) : held.promise;
      },
      undo: ({ step }) => void undone.push(step.id),
    }),
  ];
  const queue = shared(createMemoryQueue({ clock: place.clock }));
  const parts = { queue, plugins, queueBackend: 'redis' as const };
  const another = () => openOver(place, { ...parts, worker: { unified: false, queues: ['executions'] } });
  const owner = await another();
  if (worker)
    await openOver(place, { ...parts, worker: { unified: false, queues: ['far'], concurrency: most } });
  return { place, owner, another, begun: begun.promise, end: () => held.resolve('done'), undone };
}

const compensate = { handler: 'test.undo' };
const steps = [
  { id: 'a', handler: 'test.near', compensate },
  { id: 'b', handler: 'test.far', queue: 'far', dependencies: ['a'], compensate },
];

const events = async ({ storage: { executions } }: MemoryPlace, id: string): Promise<string[]> => {
  const told: string[] = [];
  for await (const event of executions.events(id))
    told.push('step_id' in event ? `${event.event} ${event.step_id}` : event.event);
  return told;
};

describe('a step that a worker of another queue carries out while its execution is cancelled', () => {
  it('is waited for, and undone when it has succeeded all the same', async () => {
    const { place, owner, begun, end, undone } = await setUp();
    const { execution_id: id } = await owner.start(workflow(steps));
    await begun;
    await owner.cancel(id);
    expect(undone).toEqual([]);
    end();
    await ended(place, id);
    expect(undone).toEqual(['b', 'a']);
    const { status, steps: settled } = (await owner.execution(id))!;
    expect(status).toBe('cancelled');
    expect(settled.b).toMatchObject({ status: 'success', output: 'done' });
  });

  it('is cancelled as soon as it has ended of that', async () => {
    const { place, owner, begun, undone } = await setUp({ far: heeds });
    const { execution_id: id } = await owner.start(workflow(steps));
    await begun;
    await owner.cancel(id);
    await ended(place, id);
    expect((await owner.execution(id))!.steps.b!.status).toBe('cancelled');
    expect(undone).toEqual(['a']);
  });

  it('is waited for when the execution took too long', async () => {
    const { place, owner, begun, end, undone } = await setUp();
    const { execution_id: id } = await owner.start(workflow(steps, { timeout: '10s' }));
    await begun;
    await place.clock.advance(10_000);
    await until(async () => (await events(place, id)).includes('workflow_cancelling'));
    end();
    await ended(place, id);
    expect((await owner.execution(id))!).toMatchObject({
      status: 'failed',
      error: { code: 'EXECUTION_TIMEOUT' },
    });
    expect(undone).toEqual(['b', 'a']);
  });

  it('is waited for by whoever takes the execution up after a crash', async () => {
    const { place, owner, another, begun, end, undone } = await setUp();
    const { execution_id: id } = await owner.start(workflow(steps));
    await begun;
    await owner.cancel(id);
    const heir = await another();
    await owner.close();
    await until(async () => (await place.storage.executions.get(id))?.owner !== undefined);
    expect(undone).toEqual([]);
    end();
    await ended(place, id);
    expect(undone).toEqual(['b', 'a']);
    expect((await heir.execution(id))!.steps.b!.status).toBe('success');
  });

  it('is given up when its worker says nothing any more', async () => {
    const { place, owner, undone } = await setUp({ worker: false });
    const { execution_id: id } = await owner.start(workflow(steps));
    await until(async () => (await owner.queue.counts('far')).waiting === 1);
    await owner.queue.getTask('far', 0);
    await owner.cancel(id);
    await place.clock.advance(owner.settings.worker.gracePeriod);
    expect(await statusOf(place, id)).not.toBe('cancelled');
    await place.clock.advance(owner.settings.worker.gracePeriod);
    await ended(place, id);
    expect(undone).toEqual(['a']);
  });
});

it('a step of a queue that its own process serves is waited for, too', async () => {
  const place = createPlace();
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<null>();
  const undone: string[] = [];
  const handlers = {
    near: () => null,
    far: () => {
      begun.resolve();
      return held.promise;
    },
    undo: ({ step }) => void undone.push(step.id),
  } satisfies Record<string, Execute>;
  const platform = await openOver(place, { plugins: [testPlugin(handlers)] });
  const { execution_id: id } = await platform.start(workflow(steps));
  await begun.promise;
  await platform.cancel(id);
  expect(undone).toEqual([]);
  held.resolve(null);
  await ended(place, id);
  expect(undone).toEqual(['b', 'a']);
});

it('a step that no worker has taken yet is cancelled at once, and is never begun', async () => {
  const { place, owner, undone } = await setUp({ worker: false });
  const { execution_id: id } = await owner.start(workflow(steps));
  await until(async () => (await owner.queue.counts('far')).waiting === 1);
  await owner.cancel(id);
  await ended(place, id);
  expect(undone).toEqual(['a']);
  expect(await owner.queue.counts('far')).toMatchObject({ waiting: 0, active: 0 });
});

it('items that other queues have are left to end when their list fails', async () => {
  const held = Promise.withResolvers<void>();
  const seen: number[] = [];
  const { place, owner } = await setUp({
    far: async ({ step }) => {
      if (step.index === 0) throw new Error('No.');
      await held.promise;
      seen.push(step.index!);
      return null;
    },
  });
  const list = { id: 'each', handler: 'test.far', queue: 'far', foreach: '${[0, 1]}', concurrency: 2 };
  const { execution_id: id } = await owner.start(workflow([list]));
  await until(async () => (await events(place, id)).includes('item_failed each'));
  expect(await statusOf(place, id)).toBe('running');
  held.resolve();
  await ended(place, id);
  expect(seen).toEqual([1]);
  expect(await statusOf(place, id)).toBe('failed');
});

it('a step whose queue has no room for it is cancelled at once', async () => {
  const place = createPlace();
  const queue = createMemoryQueue({ clock: place.clock, limit: 1 });
  const parts = { queue: shared(queue), plugins: [testPlugin({ far: () => null })] };
  const owner = await openOver(place, { ...parts, worker: { unified: false, queues: ['executions'] } });
  await queue.enqueue('far', { name: 'other', payload: null });
  const { execution_id: id } = await owner.start(workflow([{ id: 'b', handler: 'test.far', queue: 'far' }]));
  await until(async () => (await events(place, id)).includes('step_waiting b'));
  await place.clock.advance(1);
  await owner.cancel(id);
  await ended(place, id);
  expect(await statusOf(place, id)).toBe('cancelled');
});

it('items that no worker has taken yet are taken back when their list fails', async () => {
  const begun: number[] = [];
  const { place, owner } = await setUp({
    most: 1,
    far: ({ step }) => {
      begun.push(step.index!);
      throw new Error('No.');
    },
  });
  const list = {
    id: 'each',
    handler: 'test.far',
    queue: 'far',
    foreach: '${[0, 1, 2, 3, 4, 5]}',
    concurrency: 6,
  };
  const { execution_id: id } = await owner.start(workflow([list]));
  await ended(place, id);
  expect(begun).toEqual([0]);
  expect((await owner.queue.counts('far')).waiting).toBe(0);
});
