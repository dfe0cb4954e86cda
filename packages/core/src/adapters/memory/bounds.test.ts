import { expect, test } from 'vitest';
import { completion, creation, draftOf, second } from '../testing/samples.ts';
import {
  createMemoryAuditStore,
  createMemoryEventBus,
  createMemoryExecutionStore,
  createMemoryStorage,
  createMemoryWorkflowStore,
} from './index.ts';

test('completed executions beyond the limit go, those that completed first before others', async () => {
  const store = createMemoryExecutionStore({ maxCompleted: 2 });
  await store.open();
  for (const id of ['a', 'b', 'c', 'd']) await store.append(creation(id));
  for (const id of ['c', 'a', 'b']) await store.append(completion(id, 1));
  expect(await store.get('c')).toBeUndefined();
  expect((await store.list()).results.map(({ id }) => id).sort()).toEqual(['a', 'b', 'd']);
  await store.close();
});

test('of 10,000 executions that completed, the default keeps 1,000', async () => {
  const store = createMemoryExecutionStore();
  await store.open();
  for (let n = 0; n < 10_000; n++) {
    await store.append(creation(`e${n}`));
    await store.append(completion(`e${n}`, 1));
  }
  expect((await store.list()).count).toBe(1000);
  await store.close();
});

test('an execution that is taken up again does not count as completed', async () => {
  const store = createMemoryExecutionStore({ maxCompleted: 1 });
  await store.open();
  await store.append(creation('a'));
  await store.append(completion('a', 1));
  await store.append({ ...creation('a'), expected_seq: 2, epoch: 2, events: [] });
  await store.append(creation('b'));
  await store.append(completion('b', 1));
  expect((await store.list()).count).toBe(2);
  await store.close();
});

test('the audit store keeps the last records', async () => {
  const store = createMemoryAuditStore({ max: 2 });
  await store.open();
  for (const n of [1, 2, 3]) await store.add({ at: second(n), actor: 'a', action: 'b', subject: `s${n}` });
  expect((await store.list()).results.map(({ subject }) => subject)).toEqual(['s3', 's2']);
  await store.close();
});

test('the workflow store keeps the last versions', async () => {
  const store = createMemoryWorkflowStore({ maxVersions: 2, clock: { now: () => 0 } });
  await store.open();
  let rev: string | undefined;
  for (const note of ['1', '2', '3']) rev = (await store.save(draftOf('w', { note }), rev)).rev;
  const { results, count } = await store.versions('w', { limit: 1 });
  expect(count).toBe(2);
  expect(results[0]?.updated_at).toBe('1970-01-01T00:00:00.000Z');
  await store.close();
});

test('the event bus tells the log of a listener that throws', async () => {
  const logged: string[] = [];
  const bus = createMemoryEventBus({ logger: { log: (_level, message) => void logged.push(message) } });
  await bus.open();
  bus.subscribe(undefined, () => {
    throw new Error('on purpose');
  });
  bus.publish(creation('e1').events[0]!);
  expect(logged).toHaveLength(1);
  await bus.close();
});

test('the event bus tells the log of a worker that throws when it is woken', async () => {
  const logged: unknown[] = [];
  const bus = createMemoryEventBus({ logger: { log: (...entry) => void logged.push(entry) } });
  await bus.open();
  bus.onWake('w1', () => {
    throw new Error('on purpose');
  });
  bus.wake('w1', 'e1');
  expect(logged).toMatchObject([['error', 'A worker threw when it was woken.', { execution_id: 'e1' }]]);
  await bus.close();
});

test('an execution that goes takes its log and its key with it', async () => {
  const storage = createMemoryStorage({ maxCompleted: 1 });
  await storage.open();
  const { executions, logs } = storage;
  await executions.append({ ...creation('a'), origin: { idempotency_key: 'k' } });
  await executions.append(creation('b'));
  await logs.add([{ execution_id: 'a', timestamp: second(1), level: 'info', message: 'm' }]);
  await executions.append(completion('a', 1));
  expect((await logs.list('a')).count).toBe(1);
  await executions.append(completion('b', 1));
  expect((await logs.list('a')).count).toBe(0);
  expect(await executions.findByKey('sample', 'k')).toBeUndefined();
  await storage.close();
});

test('of each execution the last log entries stay', async () => {
  const storage = createMemoryStorage({ maxEntries: 2 });
  await storage.open();
  await storage.executions.append(creation('a'));
  const entries = [1, 2, 3].map((n) => ({
    ...{ execution_id: 'a', timestamp: second(n), level: 'info' as const, message: `m${n}` },
  }));
  await storage.logs.add(entries);
  expect((await storage.logs.list('a')).results.map(({ message }) => message)).toEqual(['m2', 'm3']);
  await storage.close();
});

test('leases count by the clock that was given', async () => {
  let now = 0;
  const store = createMemoryExecutionStore({ clock: { now: () => now } });
  await store.open();
  await store.heartbeat('w1', 1000);
  await store.append({ ...creation('a'), owner: 'w1' });
  expect(await store.nextReady()).toBe(1000);
  now = 999;
  expect(await store.ready(0, 10)).toEqual([]);
  now = 1000;
  expect(await store.ready(0, 10)).toEqual(['a']);
  await store.close();
});

test('what is frozen already is kept as it is', async () => {
  const store = createMemoryExecutionStore();
  await store.open();
  const append = creation('a');
  const events = append.events.map((event) => Object.freeze({ ...event, parameters: Object.freeze({}) }));
  await store.append({ ...append, events: events as typeof append.events });
  for await (const event of store.events('a')) expect(event).toBe(events[0]);
  await store.close();
});
