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
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const lease = 15_000;
const queue = 'executions';
const createPlace = usePlaces();

interface Setup {
  place: MemoryPlace;
  /** Where executions are started. */
  api: Platform;
  /** What ran, in its order. */
  runs: string[];
}

/** One process with a queue of its own. */
async function local(): Promise<Setup> {
  const place = createPlace();
  const runs: string[] = [];
  const api = await openOver(place, {
    plugins: [testPlugin({ act: ({ step }) => void runs.push(step.id) })],
  });
  return { place, api, runs };
}

/** Somebody who starts executions, and a worker that shares a queue with it. */
async function spread(): Promise<Setup> {
  const place = createPlace();
  const runs: string[] = [];
  const common = createMemoryQueue({ clock: place.clock });
  const plugins = [testPlugin({ act: ({ step }) => void runs.push(step.id) })];
  const parts = { plugins, queueBackend: 'redis', queue: shared(common) } as const;
  await openOver(place, parts);
  const api = await openOver(place, { ...parts, worker: { inProcess: false } });
  return { place, api, runs };
}

const act = (name: string) => workflow([{ id: name, handler: 'test.act' }]);
const sleeper = workflow([
  { id: 's', handler: 'core.sleep', config: { duration: '10s' } },
  { id: 'slept', handler: 'test.act', dependencies: ['s'] },
]);

describe.each([
  ['of one process', local],
  ['that processes share', spread],
])('a paused queue %s', (_, open) => {
  it('has nothing begin, whoever looks, and has all of it go on afterwards', async () => {
    const { place, api, runs } = await open();
    const parked = (await api.start(sleeper)).execution_id;
    await expect.poll(() => statusOf(place, parked)).toBe('waiting');
    await api.queue.pause(queue);
    const started = (await api.start(act('started'))).execution_id;
    expect(await statusOf(place, started)).toBe('pending');
    for (let look = 0; look < 5; look++) await place.clock.advance(lease);
    expect(runs).toEqual([]);
    expect(await statusOf(place, started)).toBe('pending');
    expect((await api.queue.counts(queue)).paused).toBe(true);

    await api.queue.resume(queue);
    await place.clock.advance(lease);
    await ended(place, parked);
    await ended(place, started);
    expect(runs.sort()).toEqual(['slept', 'started']);
    const next = (await api.start(act('next'))).execution_id;
    await ended(place, next);
  });

  it('lets what was cancelled meanwhile end before anything else begins', async () => {
    const { place, api, runs } = await open();
    await api.queue.pause(queue);
    const first = (await api.start(act('first'))).execution_id;
    const cancelled = (await api.start(act('cancelled'))).execution_id;
    await api.cancel(cancelled);
    await api.queue.resume(queue);
    await place.clock.advance(lease);
    await ended(place, first);
    await ended(place, cancelled);
    expect(await statusOf(place, cancelled)).toBe('cancelled');
    expect(runs).toEqual(['first']);
  });
});

it('a paused queue has what runs already go on to its end', async () => {
  const place = createPlace();
  const held = Promise.withResolvers<void>();
  const api = await openOver(place, { plugins: [testPlugin({ act: () => held.promise })] });
  const steps = [
    { id: 'a', handler: 'test.act' },
    { id: 'b', handler: 'test.act', dependencies: ['a'] },
  ];
  const running = (await api.start(workflow(steps))).execution_id;
  await api.queue.pause(queue);
  held.resolve();
  await ended(place, running);
  expect(await statusOf(place, running)).toBe('success');
});
