// A signal whose answer was lost is sent again. With its idempotency key it is taken in once: while it waits, after it was
// handled, after the execution has ended, and wherever the execution is worked on.
import type { JsonValue, StoredEvent, WorkflowDocument } from '@vwmp/core';
import { createFileStorage } from '@vwmp/core/file';
import { createMemoryEventBus } from '@vwmp/core/memory';
import type { Platform } from '@vwmp/core/platform';
import type { QueueBackend, Storage } from '@vwmp/core/ports';
import { FakeClock } from '@vwmp/core/testing';
import { createPostgresStorage } from '@vwmp/db-postgres';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createGround } from './testing/ground.ts';
import {
  createMemoryPlace,
  ended,
  type MemoryPlace,
  openOver,
  shared,
  statusOf,
  testPlugin,
  until,
  workflow,
} from './testing/memory-place.ts';

const ground = createGround();
afterAll(() => ground.clear());

const storages: [string, (clock: FakeClock) => Storage | Promise<Storage>][] = [
  ['memory', () => createMemoryPlace().storage],
  ['files', (clock) => createFileStorage({ folder: ground.folder(), clock })],
  ['SQLite', () => createSqliteStorage({ path: `${ground.folder()}/vwmp.db` })],
  [
    'PostgreSQL',
    async () => createPostgresStorage({ url: await (await ground.postgres()).createDatabase(ground.name()) }),
  ],
];

const paid = { handler: 'core.wait', config: { signal: 'paid' } };
const twice: WorkflowDocument = workflow([
  { id: 'first', ...paid },
  { id: 'second', ...paid, dependencies: ['first'] },
]);
const idempotencyKey = 'payment-17';

describe.each(storages)('in %s', (_name, createStorage) => {
  const places: MemoryPlace[] = [];
  let queue: QueueBackend | undefined;
  afterEach(async () => {
    await queue?.close();
    queue = undefined;
    for (const { opened, storage } of places.splice(0)) {
      await Promise.all(opened.map((platform) => platform.close()));
      await storage.close();
    }
  });

  async function createPlace(): Promise<MemoryPlace> {
    const clock = new FakeClock();
    const place = { clock, storage: await createStorage(clock), bus: createMemoryEventBus(), opened: [] };
    places.push(place);
    return place;
  }

  /** Over one queue, so that one wakes what the other works on. */
  async function open(place: MemoryPlace, inProcess = true): Promise<Platform> {
    queue ??= createMemoryQueue({ clock: place.clock });
    return openOver(place, { worker: { inProcess }, queue: shared(queue), queueBackend: 'redis' });
  }

  async function taken({ storage }: MemoryPlace, id: string): Promise<JsonValue[]> {
    const found: JsonValue[] = [];
    for await (const event of storage.executions.events(id))
      if (event.event === 'signal_received') found.push(event.payload);
    return found;
  }

  /** Waits once more, after the first signal. */
  async function resumed(place: MemoryPlace, platform: Platform, id: string): Promise<void> {
    await until(async () => {
      const { steps = {} } = (await platform.execution(id)) ?? {};
      return steps.second?.status === 'waiting' && (await statusOf(place, id)) === 'waiting';
    });
  }

  it.each([
    ['where it is worked on', true],
    ['elsewhere', false],
  ])('it is not delivered to the next wait, sent %s', async (_where, here) => {
    const place = await createPlace();
    const platform = await open(place);
    const sender = here ? platform : await open(place, false);
    const { execution_id: id } = await platform.start(twice);
    await until(async () => (await statusOf(place, id)) === 'waiting');
    const send = (payload: JsonValue, key = idempotencyKey) =>
      sender.signal(id, 'paid', payload, { idempotencyKey: key });
    await Promise.all([send(1), send(2)]);
    await resumed(place, platform, id);
    const [first] = await taken(place, id);
    await send(3);
    // Sent after it, and taken in after it.
    await sender.signal(id, 'other', 4);
    await until(async () => (await taken(place, id)).length > 1);
    expect(await taken(place, id)).toEqual([first, 4]);
    expect(await place.storage.executions.messages(id)).toEqual([]);
    await send(5, 'payment-18');
    await ended(place, id);
    // What was accepted stays accepted; another one has come too late.
    await send(6);
    await expect(send(7, 'payment-19')).rejects.toMatchObject({ code: 'EXECUTION_NOT_ACTIVE' });
    expect(await taken(place, id)).toEqual([first, 4, 5]);
  });

  it('while nobody works on it, one of those that wait is taken in', async () => {
    const place = await createPlace();
    const sender = await open(place, false);
    const { execution_id: id } = await sender.start(twice);
    for (const payload of [1, 2, 3]) await sender.signal(id, 'paid', payload, { idempotencyKey });
    await sender.signal(id, 'other', 4);
    await open(place);
    await until(async () => (await taken(place, id)).includes(4));
    expect(await taken(place, id)).toEqual([1, 4]);
  });
});

it('a step that emits a signal and is run again emits it once, in each round of a repeat', async () => {
  const place = createMemoryPlace();
  let failures = 0;
  const plugin = testPlugin({
    emit: async ({ executions, execution, idempotencyKey }) => {
      await executions.signal(execution.id, 'paid', idempotencyKey, { idempotencyKey });
      if (failures++ === 0) throw new Error('It has sent it, and fails.');
      return null;
    },
  });
  const platform = await openOver(place, { plugins: [plugin] });
  const { execution_id: id } = await platform.start(
    workflow([
      { id: 'a', handler: 'test.emit', retry: { attempts: 2, delay: 0 } },
      {
        id: 'b',
        handler: 'core.emit',
        dependencies: ['a'],
        config: { signal: 'paid' },
        repeat: { until: 'false', max: 2, delay: 0 },
      },
    ] as WorkflowDocument['steps']),
  );
  await until(async () => {
    await place.clock.advance(1000);
    return (await place.storage.executions.get(id))?.completed_at !== undefined;
  });
  const events: StoredEvent[] = [];
  for await (const event of place.storage.executions.events(id)) events.push(event);
  expect(events.filter(({ event }) => event === 'signal_received')).toMatchObject([
    { idempotency_key: `${id}:a` },
    { idempotency_key: `${id}:b:0` },
    { idempotency_key: `${id}:b:1` },
  ]);
  await platform.close();
});
