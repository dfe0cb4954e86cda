import type { QueueBackend } from '@vwmp/core/ports';
import { type RedisServer, startProxy, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { createRecordingLogger } from '../test/recording-logger.ts';
import { startTraffic } from '../test/traffic.ts';
import { errorOf, until } from '../test/wait.ts';
import { createRedisEventBus, createRedisQueue, type RedisQueueOptions } from './index.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Short, so that an outage need not last long to be longer. */
const impatient = { timeout: 1000, lock: 2000 };

async function start(): Promise<RedisServer> {
  const server = await startRedis();
  cleanUp.push(server.stop);
  return server;
}

async function open(options: RedisQueueOptions): Promise<QueueBackend> {
  const queue = createRedisQueue({ ...impatient, ...options });
  cleanUp.push(queue.close);
  await queue.open();
  return queue;
}

/** Both connections have noticed that Redis is away. */
async function red(queues: readonly QueueBackend[]): Promise<void> {
  for (const queue of queues)
    await until(() =>
      queue.ping().then(
        () => false,
        () => true,
      ),
    );
}

async function green(queues: readonly QueueBackend[]): Promise<void> {
  for (const queue of queues)
    await until(() =>
      queue.ping().then(
        () => true,
        () => false,
      ),
    );
}

const outages: Record<string, (server: RedisServer, queues: readonly QueueBackend[]) => Promise<void>> = {
  async 'is restarted'(server) {
    await server.restart();
  },
  async 'is killed and started again at once'(server) {
    await server.kill();
    await server.restart();
  },
  async 'is killed and away for longer than a lock'(server, queues) {
    await server.kill();
    const begun = Date.now();
    await red(queues);
    await until(() => Date.now() - begun > 2 * impatient.lock);
    await server.restart();
  },
  async 'goes silent for longer than a lock and a wait for jobs'(server, queues) {
    server.freeze();
    const begun = Date.now();
    await red(queues);
    await until(() => Date.now() - begun > 9000);
    server.thaw();
  },
  async 'goes away and comes back, again and again'(server) {
    for (let round = 0; round < 4; round++) {
      await server.kill();
      await server.restart();
    }
  },
};

for (const [name, outage] of Object.entries(outages)) {
  test(`all tasks run when Redis ${name}, and what is added meanwhile is refused or kept`, async () => {
    const server = await start();
    const logger = createRecordingLogger();
    const queues = [await open({ url: server.url, logger }), await open({ url: server.url })];
    const traffic = startTraffic(queues);
    await until(() => traffic.acknowledged() > 100);
    await outage(server, queues);
    await green(queues);
    await traffic.finish();
    expect([...traffic.refusals].filter((code) => code !== 'QUEUE_UNAVAILABLE')).toEqual([]);
    const { dead } = await queues[0]!.counts('traffic');
    expect(dead).toBe(0);
    // A line when it goes and one when it is back, whatever was tried meanwhile.
    const told = logger.lines.filter((line) => /is away: |is back after /.test(line));
    for (const [index, line] of told.entries()) {
      expect(line).toMatch(
        index % 2 ? /^info: .* is back after [\d.]+ s\.$/ : /^warn: .* is away: .+\. Trying to reach it/,
      );
    }
    expect(told.length % 2).toBe(0);
    if (!name.includes('again')) expect(told.length).toBeLessThanOrEqual(4);
  });
}

for (const how of ['refused', 'dropped', 'silent'] as const) {
  test(`all tasks run when one of two workers is cut off (${how})`, async () => {
    const server = await start();
    const proxy = await startProxy(server);
    cleanUp.push(proxy.stop);
    const queues = [await open({ url: server.url }), await open({ url: `redis://127.0.0.1:${proxy.port}` })];
    const traffic = startTraffic(queues);
    await until(() => traffic.acknowledged() > 100);
    await proxy.cut(how);
    if (how !== 'dropped') await red([queues[1]!]);
    const then = traffic.acknowledged();
    await until(() => traffic.acknowledged() > then + 100);
    expect(traffic.refusals.size).toBe(0);
    await queues[0]!.ping();
    await proxy.restore();
    await green(queues);
    await traffic.finish();
  });
}

test('while Redis is silent everything is refused within the time for an answer', async () => {
  const server = await start();
  const queue = await open({ url: server.url, timeout: 300 });
  await queue.enqueue('q', { name: 'n', payload: 1 });
  const task = (await queue.getTask('q', 0))!;
  server.freeze();
  const attempts: Promise<unknown>[] = [
    queue.enqueue('q', { name: 'n', payload: 1 }),
    queue.withdraw('q', 'k'),
    queue.getTask('q', 10),
    queue.markComplete(task),
    queue.counts('q'),
    queue.pause('q'),
    queue.resume('q'),
    queue.queues(),
    queue.dead('q'),
    queue.retryDead('q', 'x'),
    queue.discardDead('q', 'x'),
    queue.ping(),
  ];
  for (const attempt of attempts) {
    const error = await errorOf(attempt);
    expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ cannot be used: .+\. .+/);
  }
  server.thaw();
  await until(() =>
    queue.ping().then(
      () => true,
      () => false,
    ),
  );
  await queue.markComplete(task);
});

test('readiness is red while only the connection that waits for tasks is gone', async () => {
  const server = await start();
  const proxy = await startProxy(server);
  cleanUp.push(proxy.stop);
  const queue = await open({ url: `redis://127.0.0.1:${proxy.port}` });
  const ran: unknown[] = [];
  const consumer = queue.consume('q', {}, async ({ payload }) => {
    ran.push(payload);
    return null;
  });
  const admin = new Redis(server.url);
  cleanUp.push(async () => admin.disconnect());
  const waiting = async (): Promise<string | undefined> => {
    const list = (await admin.client('LIST')) as string;
    return /^id=(\d+) .* cmd=bzpopmin/m.exec(list)?.[1];
  };
  await until(async () => (await waiting()) !== undefined);
  await green([queue]);
  await proxy.cut('new');
  await admin.client('KILL', 'ID', (await waiting())!);
  await red([queue]);
  const error = await errorOf(queue.ping());
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(error.message).toContain('queue "q" cannot be listened to');
  await queue.enqueue('q', { name: 'n', payload: 1 });
  await proxy.restore();
  await green([queue]);
  await until(() => ran.length === 1);
  await consumer.close();
});

test('closing takes little time when Redis is away, also with a task under way', async () => {
  const server = await start();
  const queue = await open({ url: server.url, timeout: 300 });
  await queue.enqueue('q', { name: 'n', payload: 1 });
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  queue.consume('q', {}, async () => {
    begun.resolve();
    await gate.promise;
    return null;
  });
  queue.consume('other', {}, async () => null);
  const waiting = queue.getTask('third', 3_600_000);
  await begun.promise;
  server.freeze();
  const closing = queue.close();
  gate.resolve();
  await closing;
  expect(await waiting.catch(() => undefined)).toBeUndefined();
});

test('closing ends what still waits for Redis to open, however long that would', async () => {
  const server = await start();
  server.freeze();
  for (const [url, turns] of [
    [server.url, 0],
    [server.url, 100],
    ['redis://127.0.0.1:9', 100],
  ] as const) {
    for (const create of [createRedisQueue, createRedisEventBus]) {
      const opened = create({ url, timeout: 600_000 });
      const opening = errorOf(opened.open());
      // Also where it has not begun to connect.
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await opened.close();
      expect((await opening).code).toBe('CLOSED');
    }
  }
  server.thaw();
});

test('a task that outlives an outage is completed, once Redis is back, and not run again', async () => {
  const server = await start();
  const queue = await open({ url: server.url });
  const other = await open({ url: server.url });
  await queue.enqueue('q', { name: 'n', payload: 1 });
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const consumer = queue.consume('q', {}, async (_task, signal) => {
    runs++;
    begun.resolve();
    await gate.promise;
    expect(signal.aborted).toBe(false);
    return null;
  });
  await begun.promise;
  await server.kill();
  const away = Date.now();
  await until(() => Date.now() - away > impatient.lock * 1.5);
  gate.resolve();
  await server.restart();
  await until(async () => (await queue.counts('q').catch(() => ({ active: 1 }))).active === 0);
  await green([other]);
  expect(runs).toBe(1);
  expect(await other.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 });
  await consumer.close();
});

test('what was taken while the answer got lost runs once Redis is back, before its lock ends', async () => {
  const server = await start();
  const queue = await open({ url: server.url, timeout: 300, lock: 3_600_000 });
  const other = await open({ url: server.url });
  const gate = Promise.withResolvers<void>();
  const ran: unknown[] = [];
  queue.consume('q', { concurrency: 8 }, async ({ payload }) => {
    ran.push(payload);
    if (payload === 'first') await gate.promise;
    return null;
  });
  await queue.enqueue('q', { name: 'n', payload: 'first' });
  await until(() => ran.length === 1);
  server.freeze();
  // Redis reads on, once it can, what nobody waits for any more.
  const added = [1, 2, 3].map((payload) => errorOf(queue.enqueue('q', { name: 'n', payload })));
  gate.resolve();
  for (const refused of added) expect((await refused).code).toBe('QUEUE_UNAVAILABLE');
  server.thaw();
  await green([queue]);
  await until(() => ran.length === 4);
  await until(async () => (await other.counts('q')).active === 0);
  expect([...ran].sort()).toEqual([1, 2, 3, 'first']);
});

for (const [how, options] of [
  ['that makes a dead letter', {}],
  ['that has another attempt', { attempts: 2, backoff: 3_600_000 }],
] as const) {
  test(`what was taken with the end of a failed task ${how} while the answer got lost runs once Redis is back`, async () => {
    const server = await start();
    const queue = await open({ url: server.url, lock: 3_600_000 });
    const other = await open({ url: server.url });
    const gate = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    cleanUp.push(async () => end.resolve());
    const ran: unknown[] = [];
    // The last two are taken together, and locked with the same: what still runs is not to be handed back with what never arrived.
    for (const payload of ['long', 'first', 'longer'])
      await other.enqueue('q', { name: 'n', payload }, options);
    queue.consume('q', { concurrency: 3 }, async ({ payload }) => {
      ran.push(payload);
      if (typeof payload === 'number') return null;
      if (payload !== 'first') return end.promise.then(() => null);
      await gate.promise;
      throw new Error('on purpose');
    });
    await until(() => ran.length === 3);
    for (const payload of [1, 2]) await other.enqueue('q', { name: 'n', payload });
    server.freeze();
    gate.resolve();
    // What became of the first one is not answered in time.
    await red([queue]);
    server.thaw();
    await green([queue, other]);
    await until(() => ran.length >= 5);
    end.resolve();
    await until(async () => (await other.counts('q')).active === 0);
    expect([...ran].sort()).toEqual([1, 2, 'first', 'long', 'longer']);
    const { delayed, dead } = await other.counts('q');
    expect({ delayed, dead }).toEqual(
      'attempts' in options ? { delayed: 1, dead: 0 } : { delayed: 0, dead: 1 },
    );
  });
}

test('a queue cannot be opened without Redis, and can be once it is there', async () => {
  const server = await start();
  await server.kill();
  const queue = createRedisQueue({ url: server.url, timeout: 300 });
  cleanUp.push(queue.close);
  const error = await errorOf(queue.open());
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.message).toContain('Check that it runs');
  await server.restart();
  await queue.open();
  await queue.ping();
});
