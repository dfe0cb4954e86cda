import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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

test('what is completed leaves nothing in Redis', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'flat' });
  await queue.open();
  let runs = 0;
  const consumer = queue.consume('q', { concurrency: 50 }, async ({ attempt }) => {
    if (attempt === 1 && runs % 9 === 0) {
      runs++;
      throw new Error('on purpose');
    }
    runs++;
    return { output: 'x'.repeat(1000) };
  });
  const addAndRun = async (count: number): Promise<string[]> => {
    for (let number = 0; number < count; number += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          queue.enqueue(
            'q',
            { name: 'n', payload: { number, text: 'x'.repeat(500) } },
            {
              ...{ attempts: 2, backoff: 1, priority: index % 3, delay: index % 10 === 0 ? 1 : 0 },
              ...(index % 5 === 0 && { dedupe: `k${number}-${index}` }),
            },
          ),
        ),
      );
    }
    await until(async () => Object.values(await queue.counts('q')).every((each) => each === 0));
    // The marker comes and goes.
    return (await admin.keys('{flat}*')).filter((key) => !key.endsWith(':marker')).sort();
  };
  const after = await addAndRun(500);
  const memory = await usedMemory();
  expect(await addAndRun(5000)).toEqual(after);
  expect(after.length).toBeLessThan(8);
  expect(await usedMemory()).toBeLessThan(memory + 500_000);
  await consumer.close();
  await queue.close();
});

test('what is withdrawn leaves nothing in Redis', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'withdrawn' });
  await queue.open();
  const keys = async (): Promise<string[]> => {
    const all = await admin.keys('{withdrawn}*');
    return all.filter((key) => !key.endsWith(':marker')).sort();
  };
  const task = { name: 'n', payload: 1 };
  await queue.enqueue('q', task);
  await queue.markComplete((await queue.getTask('q', 0))!);
  const before = await keys();
  await queue.enqueue('q', task, { dedupe: 'retried', attempts: 2, backoff: 60_000 });
  await queue.markFailed((await queue.getTask('q', 0))!, { code: 'NO', message: 'no' });
  await queue.enqueue('q', task, { dedupe: 'waiting' });
  await queue.enqueue('q', task, { dedupe: 'delayed', delay: 60_000 });
  for (const key of ['waiting', 'delayed', 'retried']) expect(await queue.withdraw('q', key)).toBe(true);
  // The counter of the order goes when nothing waits, with what is taken last.
  await queue.enqueue('q', task);
  await queue.markComplete((await queue.getTask('q', 0))!);
  expect(await keys()).toEqual(before);
  await queue.close();
});

test('dead letters are bounded, and the oldest go first', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'dead', deadLimit: 3 });
  await queue.open();
  for (let number = 0; number < 6; number++) {
    await queue.enqueue('q', { name: 'n', payload: number });
    const task = await queue.getTask('q', 0);
    await queue.markFailed(task!, { code: 'NO', message: 'no' });
    // Those of one millisecond have no order.
    const now = Date.now();
    await until(() => Date.now() > now);
  }
  expect((await queue.dead('q')).results.map(({ task }) => task.payload)).toEqual([3, 4, 5]);
  await queue.close();
});

test('when Redis has no memory left the queue is full, and still gives out what is in it', async () => {
  const small = await startRedis({ config: { maxmemory: '3mb', 'maxmemory-policy': 'noeviction' } });
  const queue = createRedisQueue({ url: small.url });
  try {
    await queue.open();
    let added = 0;
    const fill = async (size: number): Promise<void> => {
      for (;;) {
        const options = { attempts: 2, backoff: 0, dedupe: `k${added}` };
        await queue.enqueue('q', { name: 'n', payload: 'x'.repeat(size) }, options);
        added++;
      }
    };
    await expect(fill(50_000)).rejects.toMatchObject({
      ...{ code: 'QUEUE_FULL', message: expect.stringContaining('maxmemory') },
    });
    // Less than Redis needs for itself: so it stays.
    const client = new Redis(small.url);
    await client.config('SET', 'maxmemory', '500kb');
    client.disconnect();
    await expect(queue.ping()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(await queue.withdraw('q', 'k3')).toBe(true);
    added--;
    let runs = 0;
    queue.consume('q', { concurrency: 3 }, async ({ attempt }) => {
      if (attempt === 1 && runs % 4 === 0) {
        runs += 0.5;
        throw new Error('on purpose');
      }
      runs++;
      return null;
    });
    await until(async () => {
      const { waiting, delayed, active, dead } = await queue.counts('q');
      return waiting + delayed + active + dead === 0;
    });
    expect(runs).toBeGreaterThanOrEqual(added);
  } finally {
    await queue.close();
    await small.stop();
  }
});

test('a payload over the limit is refused, by its size and not by its content', async () => {
  const queue = createRedisQueue({ url: server.url, payloadLimit: 1000 });
  await queue.open();
  await queue.enqueue('q', { name: 'n', payload: 'x'.repeat(998) });
  for (const payload of ['x'.repeat(999), 'ü'.repeat(500), 'secret'.repeat(1000)]) {
    const adding = queue.enqueue('large', { name: 'n', payload });
    await expect(adding).rejects.toMatchObject({ code: 'VALUE_INVALID', retryable: false });
    await expect(adding).rejects.toThrow(/queue "large" takes \d+ bytes, and 1000 are allowed/);
  }
  await queue.close();
});

test('an open queue has one connection, another one for each queue that waits for tasks, and none after close', async () => {
  const clients = async (): Promise<number> =>
    ((await admin.client('LIST')) as string).trim().split('\n').length - 1;
  const before = await clients();
  const queue = createRedisQueue({ url: server.url, prefix: 'connections' });
  expect(await clients()).toBe(before);
  await queue.open();
  expect(await clients()).toBe(before + 1);
  await queue.enqueue('a', { name: 'n', payload: 1 });
  await queue.enqueue('b', { name: 'n', payload: 1 });
  expect(await clients()).toBe(before + 1);
  queue.consume('a', {}, async () => null);
  queue.consume('a', { concurrency: 5 }, async () => null);
  await until(async () => (await clients()) === before + 2);
  await queue.close();
  await until(async () => (await clients()) === before);
});

test('a task that does not end is handed back when the time to close is over', async () => {
  const options = { url: server.url, prefix: 'stuck' };
  const queue = createRedisQueue({ ...options, gracePeriod: 50 });
  await queue.open();
  const begun = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  queue.consume('q', {}, async (_task, signal) => {
    signal.addEventListener('abort', () => aborted.resolve());
    begun.resolve();
    await new Promise(() => {});
    return null;
  });
  await queue.enqueue('q', { name: 'n', payload: 1 });
  await begun.promise;
  await queue.close();
  await aborted.promise;
  const next = createRedisQueue(options);
  await next.open();
  expect(await next.getTask('q', 0)).toMatchObject({ payload: 1, attempt: 1 });
  await next.close();
});

test('closing lets Redis hear what became of tasks before it hands back what is held', async () => {
  const queue = createRedisQueue({ url: server.url, prefix: 'telling' });
  const other = createRedisQueue({ url: server.url, prefix: 'telling' });
  await Promise.all([queue.open(), other.open()]);
  await Promise.all([1, 2].map((payload) => queue.enqueue('q', { name: 'n', payload })));
  const tasks = [await queue.getTask('q', 0), await queue.getTask('q', 0)];
  const first = queue.markComplete(tasks[0]!);
  await new Promise((resolve) => setImmediate(resolve));
  // It goes with others when the first one has been answered.
  const second = queue.markComplete(tasks[1]!);
  await Promise.all([queue.close(), first, second]);
  expect(await other.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 });
  await other.close();
});

test('on a node of a cluster all keys of a prefix are in one slot', async () => {
  const node = await startRedis({
    config: { 'cluster-enabled': 'yes', 'cluster-require-full-coverage': 'no' },
  });
  const client = new Redis(node.url);
  const queue = createRedisQueue({ url: node.url, prefix: 'shop' });
  try {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => ((await client.call('CLUSTER', 'INFO')) as string).includes('cluster_state:ok'));
    await queue.open();
    const consumer = queue.consume(
      'a{b}c',
      { concurrency: 3, rate: { limit: 50, per: 100 } },
      async ({ attempt }) => {
        if (attempt === 1) throw new Error('on purpose');
        return null;
      },
    );
    for (let number = 0; number < 10; number++) {
      const options = {
        attempts: 1 + (number % 3),
        backoff: number % 2,
        delay: number % 4,
        dedupe: `{${number}}`,
      };
      await queue.enqueue('a{b}c', { name: 'n', payload: number }, options);
    }
    await until(async () => {
      const { waiting, delayed, active } = await queue.counts('a{b}c');
      return waiting + delayed + active === 0;
    });
    await consumer.close();
    const [letter, other] = (await queue.dead('a{b}c')).results;
    if (other) await queue.discardDead('a{b}c', other.task.id);
    await queue.pause('a{b}c');
    await queue.resume('a{b}c');
    await queue.retryDead('a{b}c', letter!.task.id);
    const task = await queue.getTask('a{b}c', 0);
    await queue.markComplete(task!);
    await queue.enqueue('a{b}c', { name: 'n', payload: 1 });
    await queue.enqueue('a{b}c', { name: 'n', payload: 1 }, { dedupe: '{k}' });
    expect(await queue.withdraw('a{b}c', '{k}')).toBe(true);
    expect(await queue.queues()).toEqual(['a{b}c']);
    const keys = await client.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    const slots = await Promise.all(keys.map((key) => client.call('CLUSTER', 'KEYSLOT', key)));
    expect(new Set(slots).size).toBe(1);
  } finally {
    await queue.close();
    client.disconnect();
    await node.stop();
  }
});

test('a hundred queues are opened and closed without a timer or connection left', async () => {
  const count = (): number =>
    process.getActiveResourcesInfo().filter((type) => type === 'Timeout' || type.startsWith('TCPSocket'))
      .length;
  const before = count();
  for (let round = 0; round < 100; round++) {
    const queue = createRedisQueue({ url: server.url, prefix: 'many' });
    await queue.open();
    queue.consume('q', {}, async () => null);
    await queue.enqueue('q', { name: 'n', payload: 1 }, { delay: 1000 });
    await queue.close();
  }
  await until(() => count() <= before);
});

test('importing the package and making a queue loads no driver', async () => {
  const script = `
    const { createRedisQueue, createRedisEventBus } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
    createRedisQueue(); createRedisEventBus();
    console.log(process.moduleLoadList.some((name) => /NativeModule (net|tls)$/.test(name)));`;
  const args = ['--conditions=source', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout.trim()).toBe('false');
});

async function usedMemory(): Promise<number> {
  const info = await admin.info('memory');
  return Number(/^used_memory_dataset:(\d+)/m.exec(info)?.[1]);
}
