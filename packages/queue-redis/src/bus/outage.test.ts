import type { ExecutionEvent } from '@vwmp/core';
import type { EventBus } from '@vwmp/core/ports';
import { type RedisServer, startProxy, startRedis } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { createRecordingLogger } from '../../test/recording-logger.ts';
import { errorOf, until } from '../../test/wait.ts';
import { createRedisEventBus, type RedisEventBusOptions } from '../index.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(): Promise<RedisServer> {
  const server = await startRedis();
  cleanUp.push(server.stop);
  return server;
}

async function open(options: RedisEventBusOptions): Promise<EventBus> {
  const bus = createRedisEventBus({ timeout: 500, ...options });
  cleanUp.push(bus.close);
  await bus.open();
  return bus;
}

function event(seq: number, execution_id = 'e1'): ExecutionEvent {
  const timestamp = '2026-01-01T00:00:00.000Z';
  return { event: 'log', level: 'info', message: `message ${seq}`, execution_id, seq, timestamp };
}

/** Notes the numbers of the events of one execution. */
function watch(bus: EventBus, id: string | undefined = 'e1'): number[] {
  const seen: number[] = [];
  bus.subscribe(id, ({ seq }) => seen.push(seq));
  return seen;
}

const outages: Record<string, (server: RedisServer, bus: EventBus) => Promise<void>> = {
  'is restarted': (server) => server.restart(),
  async 'is killed and comes back later'(server, bus) {
    await server.kill();
    await errorOf(bus.ping());
    await server.restart();
  },
  async 'goes silent'(server, bus) {
    server.freeze();
    await errorOf(bus.ping());
    await errorOf(bus.ping());
    server.thaw();
  },
};

for (const [name, outage] of Object.entries(outages)) {
  test(`events and hints flow again by themselves after Redis ${name}`, async () => {
    const server = await start();
    const logger = createRecordingLogger();
    const here = await open({ url: server.url, logger });
    const there = await open({ url: server.url });
    const seen = watch(there);
    const woken: string[] = [];
    there.onWake('w1', (id) => woken.push(id));
    await there.ping();
    here.publish(event(1));
    here.wake('w1', 'before');
    await until(() => seen.length === 1 && woken.length === 1);

    let resumed = 0;
    const end = there.onResume!(() => resumed++);
    await outage(server, here);
    await until(() =>
      Promise.all([here.ping(), there.ping()]).then(
        () => true,
        () => false,
      ),
    );
    const before = seen.length;
    here.publish(event(100));
    here.wake('w1', 'after');
    await until(() => seen.length > before && woken.includes('after'));
    expect(seen.at(-1)).toBe(100);
    expect(logger.lines.length % 2).toBe(0);
    // A connection that was only silent brings later what it did not bring.
    if (name !== 'goes silent') expect(resumed).toBeGreaterThan(0);
    end();
  });
}

test('publishing while cut off never throws, keeps the order, and drops the oldest beyond the limit', async () => {
  const server = await start();
  const proxy = await startProxy(server);
  cleanUp.push(proxy.stop);
  const here = await open({ url: `redis://127.0.0.1:${proxy.port}`, bufferLimit: 1000 });
  const there = await open({ url: server.url });
  const local = watch(here);
  const seen = watch(there);
  await Promise.all([here.ping(), there.ping()]);
  await proxy.cut();
  const error = await errorOf(here.ping());
  expect(error).toMatchObject({ code: 'BUS_UNAVAILABLE' });
  for (let seq = 1; seq <= 5000; seq++) here.publish(event(seq));
  expect(local.length).toBe(5000);
  await proxy.restore();
  await until(() => seen.at(-1) === 5000);
  expect(seen.length).toBeGreaterThan(800);
  expect(seen.length).toBeLessThanOrEqual(1000);
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => 5000 - seen.length + 1 + index));
});

test('what is published in one turn is one message, and nobody subscribes before someone listens', async () => {
  const server = await start();
  const bus = await open({ url: server.url, prefix: 'p' });
  const admin = new Redis(server.url);
  cleanUp.push(async () => admin.disconnect());
  const subscribers = async (): Promise<number> => {
    const list = (await admin.client('LIST')) as string;
    return list.split('\n').filter((line) => / sub=[1-9]/.test(line)).length;
  };
  expect(await subscribers()).toBe(0);
  const messages: string[] = [];
  await admin.psubscribe('p:*');
  admin.on('pmessage', (_pattern, _channel, message: string) => messages.push(message));
  for (let seq = 1; seq <= 100; seq++) bus.publish(event(seq));
  await until(() => messages.length > 0);
  expect((JSON.parse(messages[0]!) as unknown[]).length).toBe(101);
  await admin.punsubscribe('p:*');

  const end = bus.subscribe('e1', () => {});
  await bus.ping();
  expect(await subscribers()).toBe(1);
  end();
  await until(async () => (await subscribers()) === 0);
});

test('events of another prefix or database, and messages of strangers, do not arrive', async () => {
  const server = await start();
  const bus = await open({ url: server.url, prefix: 'p' });
  const others = [
    await open({ url: server.url, prefix: 'q' }),
    await open({ url: `${server.url}/1`, prefix: 'p' }),
  ];
  const seen = watch(bus, undefined);
  await bus.ping();
  for (const other of others) other.publish(event(1));
  for (const other of others) await other.ping();
  const admin = new Redis(server.url);
  cleanUp.push(async () => admin.disconnect());
  for (const message of ['', 'text', '{}', 'null', '[', '["x", null, 1, "text", {}, {"event": 1}]'])
    await admin.publish('p:0:events', message);
  await admin.publish('p:0:events', JSON.stringify(['x', event(7)]));
  await until(() => seen.length > 0);
  expect(seen).toEqual([7]);
});

test('closing takes little time when Redis is silent', async () => {
  const server = await start();
  const bus = await open({ url: server.url });
  watch(bus);
  await bus.ping();
  server.freeze();
  bus.publish(event(1));
  await bus.close();
  server.thaw();
});
