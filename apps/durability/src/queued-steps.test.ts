import { type Execute, type Plugin, VwmpError } from '@vwmp/core';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { describe, expect, it } from 'vitest';
import {
  change,
  ended,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

const minute = 60_000;

describe('a step with a queue', () => {
  const document = workflow([
    { id: 'a', handler: 'core.set', config: { value: 2 } },
    {
      id: 'far',
      handler: 'test.double',
      queue: 'far',
      dependencies: ['a'],
      config: { n: '${steps.a.output}' },
      retry: { attempts: 3, delay: 0 },
    },
    { id: 'b', handler: 'core.set', dependencies: ['far'], config: { value: '${steps.far.output + 1}' } },
  ]);

  it('runs on a worker of that queue, retries included, while nobody holds the execution', async () => {
    const place = createPlace();
    const queue = createMemoryQueue({ clock: place.clock });
    const ran: [string, number][] = [];
    const double = (worker: string): Plugin =>
      testPlugin({
        double: ({ config, attempt }) => {
          ran.push([worker, attempt]);
          if (attempt < 3) throw new Error('not yet');
          return (config as unknown as { n: number }).n * 2;
        },
      });
    const near = await openOver(place, {
      queue: shared(queue),
      plugins: [double('near')],
      worker: { unified: false, queues: ['executions'] },
    });
    const { execution_id: id } = await near.start(document);
    await until(async () => (await place.storage.executions.get(id))!.owner === undefined);
    expect(ran).toEqual([]);
    await openOver(place, {
      queue: shared(queue),
      plugins: [double('far')],
      worker: { unified: false, queues: ['far'] },
    });
    await until(async () => {
      await place.clock.advance(1000);
      return (await place.storage.executions.get(id))!.completed_at !== undefined;
    });
    expect(ran).toEqual([
      ['far', 1],
      ['far', 2],
      ['far', 3],
    ]);
    expect((await near.execution(id))!.steps.b).toMatchObject({ output: 5 });
  });

  it('is aborted over there when the execution is cancelled', async () => {
    const place = createPlace();
    const aborted = Promise.withResolvers<void>();
    const running = Promise.withResolvers<void>();
    const double: Execute = ({ signal }) =>
      new Promise((_, reject) => {
        running.resolve();
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(new Error('aborted'));
        });
      });
    const platform = await openOver(place, { plugins: [testPlugin({ double })] });
    const { execution_id: id } = await platform.start(document);
    await running.promise;
    await platform.cancel(id);
    await aborted.promise;
    await ended(place, id);
    expect((await platform.execution(id))!.steps.far!.status).toBe('cancelled');
  });
});

describe('a step with a queue, whatever hinders it', () => {
  const document = workflow([{ id: 'a', handler: 'test.run', queue: 'far' }]);

  it('is carried out although the store was away as its task began', async () => {
    const place = createPlace();
    const platform = await openOver(place, { plugins: [testPlugin({ run: () => 1 })] });
    let away = 0;
    change(place, 'get', (get) => async (id) => {
      if (++away < 3) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
      return get(id);
    });
    const { execution_id: id } = await platform.start(document);
    await place.clock.advance(minute);
    await ended(place, id);
  });

  it('is carried out although its queue had no room for it', async () => {
    const place = createPlace();
    const run = () => new Promise((resolve) => setImmediate(() => resolve(1)));
    const platform = await openOver(place, {
      plugins: [testPlugin({ run })],
      queue: createMemoryQueue({ clock: place.clock, limit: 3 }),
      worker: { concurrency: 1 },
    });
    const foreach = Array.from({ length: 20 }, (_, n) => n);
    const { execution_id: id } = await platform.start(
      workflow([{ id: 'a', handler: 'test.run', queue: 'far', foreach, concurrency: 20 }]),
    );
    await until(async () => {
      await place.clock.advance(1000);
      return (await statusOf(place, id)) === 'success';
    });
  });

  it('does not hold up the end of its process longer than the grace period', async () => {
    const place = createPlace();
    const running = Promise.withResolvers<void>();
    const run = (): Promise<never> => {
      running.resolve();
      return new Promise(() => {});
    };
    const platform = await openOver(place, { plugins: [testPlugin({ run })] });
    await platform.start(document);
    await running.promise;
    const closing = platform.close();
    await place.clock.advance(platform.settings.worker.gracePeriod);
    await closing;
  });
});
