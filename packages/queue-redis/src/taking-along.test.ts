import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../test/wait.ts';
import { createRedisQueue } from './index.ts';

let server: RedisServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis({ config: { appendonly: 'no' } });
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const task = { name: 'n', payload: 1 };

/** How often somebody began to wait for the news that there are tasks. */
async function waits(): Promise<number> {
  const [, calls] = /cmdstat_bzpopmin:calls=(\d+)/.exec(await admin.info('commandstats')) ?? [];
  return Number(calls ?? 0);
}

/** Opens a queue and consumes it, as a process would. */
async function consume(prefix: string, process: () => Promise<undefined>, concurrency = 40) {
  const queue = createRedisQueue({ url: server.url, prefix, lock: 900 });
  await queue.open();
  let ran = 0;
  let active = 0;
  let mostActive = 0;
  queue.consume('q', { concurrency }, async () => {
    mostActive = Math.max(mostActive, ++active);
    await process();
    active--;
    ran++;
    return undefined;
  });
  await until(async () => (await admin.zcard(`{${prefix}}:q:takers`)) > 0);
  // It waits by now.
  await queue.counts('q');
  return { queue, ran: () => ran, mostActive: () => mostActive };
}

const soon = (): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), 1));

/** Adds tasks, so many at a time, and has each lot run before the next one. @returns what they cost in waits */
async function run(
  { queue, ran }: Awaited<ReturnType<typeof consume>>,
  lots: number,
  each: number,
): Promise<number> {
  const before = await waits();
  for (let lot = 0; lot < lots; lot++) {
    const end = ran() + each;
    await Promise.all(Array.from({ length: each }, () => queue.enqueue('q', task)));
    await until(() => ran() >= end);
  }
  return (await waits()) - before;
}

test('tasks are taken along with adding them where nobody else takes any, however many run', async () => {
  const alone = await consume('alone', soon);
  await until(async () => (await waits()) > 0);
  // Now and then one comes before the turn of the last lot is answered.
  expect(await run(alone, 20, 10)).toBeLessThan(10);
  await alone.queue.close();
  expect(await admin.exists('{alone}:q:takers')).toBe(0);
});

test('they are left to other processes while there are some, also one that was killed and is forgotten in time', async () => {
  const busy = (): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), 20));
  const first = await consume('shared', busy);
  const second = await consume('shared', busy);
  for (let round = 0; round < 10; round++) {
    const end = first.ran() + second.ran() + 20;
    await Promise.all(Array.from({ length: 20 }, () => first.queue.enqueue('q', task)));
    await until(() => first.ran() + second.ran() >= end);
  }
  expect(second.ran()).toBeGreaterThan(0);
  expect(await admin.zcard('{shared}:q:takers')).toBe(2);
  await second.queue.close();
  expect(await admin.zcard('{shared}:q:takers')).toBe(1);
  await admin.zadd('{shared}:q:takers', Date.now() + 60_000, 'killed');
  expect(await run(first, 10, 10)).toBeGreaterThanOrEqual(10);
  await admin.zadd('{shared}:q:takers', Date.now() - 1, 'killed');
  await until(async () => (await admin.zcard('{shared}:q:takers')) === 1);
  await run(first, 1, 10);
  expect(await run(first, 20, 10)).toBeLessThan(10);
  await first.queue.close();
});

test('only processes that want tasks count', async () => {
  const takers = (): Promise<number> => admin.zcard('{present}:q:takers');
  const { queue } = await consume('present', soon);
  const other = createRedisQueue({ url: server.url, prefix: 'present', lock: 900 });
  await other.open();
  expect(await other.getTask('q', 0)).toBeUndefined();
  // Whoever is to be told has been, as commands of one connection are answered in turn.
  await other.counts('q');
  expect(await takers()).toBeLessThan(2);
  const consumers = [1, 2].map(() => other.consume('q', {}, soon));
  await until(async () => (await takers()) === 2);
  for (const consumer of consumers) await consumer.close();
  await until(async () => (await takers()) === 1);
  const asked = other.getTask('q', 3_600_000);
  await until(async () => (await takers()) === 2);
  await queue.close();
  await until(async () => (await takers()) === 1);
  await other.enqueue('q', task);
  await other.markComplete((await asked)!);
  await until(async () => (await takers()) === 0);
  await other.close();
});

test('a process counts for as long as it says, also after another one with a shorter lock', async () => {
  const queues = [60_000, 900].map((lock) => createRedisQueue({ url: server.url, prefix: 'locks', lock }));
  for (const [index, queue] of queues.entries()) {
    await queue.open();
    queue.consume('q', {}, soon);
    await until(async () => (await admin.zcard('{locks}:q:takers')) === index + 1);
  }
  expect(await admin.pttl('{locks}:q:takers')).toBeGreaterThan(900);
  for (const queue of queues) await queue.close();
});

test('nobody gets more than it has room for, whichever way tasks come', async () => {
  const narrow = await consume('narrow', soon, 3);
  const other = createRedisQueue({ url: server.url, prefix: 'narrow' });
  await other.open();
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, (index * 7) % 60));
      await (index % 3 === 0 ? other : narrow.queue).enqueue('q', task);
    }),
  );
  await until(() => narrow.ran() === 300);
  expect(narrow.mostActive()).toBeLessThanOrEqual(3);
  await narrow.queue.close();
  await other.close();
});

test('a process that is full leaves the news of tasks to others', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const full = await consume('full', () => promise, 1);
  const other = createRedisQueue({ url: server.url, prefix: 'full' });
  await other.open();
  await full.queue.enqueue('q', task);
  await until(() => full.mostActive() === 1);
  await other.enqueue('q', task);
  await until(async () => (await admin.zscore('{full}:q:marker', '0')) !== null);
  resolve(undefined);
  await until(() => full.ran() === 2);
  await full.queue.close();
  await other.close();
});

test('others hear that a delayed task is due where the one that was to look is full by then', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const full = await consume('due', () => promise, 1);
  const other = createRedisQueue({ url: server.url, prefix: 'due' });
  await other.open();
  await other.enqueue('q', task, { delay: 500 });
  // It is taken from those who could look then.
  await until(async () => (await admin.zscore('{due}:q:marker', '1')) === null);
  await full.queue.enqueue('q', task);
  await until(() => full.mostActive() === 1);
  await until(async () => (await admin.zscore('{due}:q:marker', '0')) !== null);
  resolve(undefined);
  await until(() => full.ran() === 2);
  await full.queue.close();
  await other.close();
});
