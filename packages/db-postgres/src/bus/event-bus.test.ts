import { creation, progress } from '@vwmp/adapter-tests/samples';
import type { EventBus, ExecutionEvent } from '@vwmp/core';
import { type PostgresServer, startPostgres } from '@vwmp/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createPostgresStorage } from '../storage.ts';
import { createPostgresEventBus, type PostgresEventBusOptions } from './event-bus.ts';

let server: PostgresServer;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase('bus');
  const storage = createPostgresStorage({ url });
  await storage.open();
  for (const id of ['e1', 'e2']) await storage.executions.append(creation(id));
  await storage.executions.append(large);
  await storage.close();
});
afterAll(() => server.stop());

const large = progress('e1', 1);
Object.assign(large.events[0]!, { output: `x${'\0ü'.repeat(20_000)}` });

const buses: EventBus[] = [];
afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.close();
});

async function openBus(options: Partial<PostgresEventBusOptions> = {}): Promise<EventBus> {
  const bus = createPostgresEventBus({
    url,
    timeout: 1000,
    connectTimeout: 1000,
    checkEvery: 100,
    ...options,
  });
  buses.push(bus);
  await bus.open();
  return bus;
}

const log = (seq: number, message = `message ${seq}`): ExecutionEvent => ({
  ...{ event: 'log', level: 'info', message, execution_id: 'e1', seq, timestamp: '2026-01-01T00:00:00.000Z' },
});

test('a recorded event of any size reaches others whole, and those after it come after it', async () => {
  const [here, there] = [await openBus(), await openBus()];
  const seen: ExecutionEvent[] = [];
  there.subscribe('e1', (event) => seen.push(event));
  here.publish(log(1));
  here.publish(large.events[0]!);
  here.publish(log(2));
  await expect.poll(() => seen.length).toBe(3);
  expect(seen).toEqual([log(1), large.events[0], log(2)]);
});

test('thousands of events at once arrive whole and in order', async () => {
  const [here, there] = [await openBus(), await openBus()];
  const seen: number[] = [];
  there.subscribe(undefined, ({ seq }) => seen.push(seq));
  for (let seq = 1; seq <= 5000; seq++) here.publish(log(seq, 'x'.repeat(seq % 900)));
  await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(5000);
  expect(seen).toEqual(Array.from({ length: 5000 }, (_, n) => n + 1));
});

const outages: [name: string, strike: () => Promise<void>, heal: () => Promise<void>][] = [
  ['a restart', () => server.restart(), async () => undefined],
  ['a kill', () => server.kill(), () => server.restart()],
  ['silence', async () => server.freeze(), async () => server.thaw()],
  [
    'the end of all connections',
    async () =>
      void (await server.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'vwmp'`,
      )),
    async () => undefined,
  ],
];

test.each(outages)('%s is noticed, harms no publisher, and is over by itself', async (name, strike, heal) => {
  const lines: string[] = [];
  const logger = { log: (level: string, message: string) => void lines.push(`${level} ${message}`) };
  const [here, there] = [await openBus({ logger }), await openBus()];
  const seen = new Set<number>();
  const local: number[] = [];
  there.subscribe('e1', ({ seq }) => seen.add(seq));
  here.subscribe('e1', ({ seq }) => local.push(seq));
  let seq = 0;
  await expect
    .poll(() => {
      here.publish(log(++seq));
      return seen.size;
    })
    .toBeGreaterThan(0);
  let resumed = 0;
  const end = there.onResume!(() => resumed++);
  await strike();
  await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(lines[0]).toBe('warn The event bus is cut off: events do not reach other processes.');
  for (let n = 0; n < 100; n++) here.publish(log(++seq));
  // Whoever is in this process does not notice.
  expect(local.length).toBe(seq);
  await heal();
  const before = seq;
  await expect
    .poll(
      () => {
        here.publish(log(++seq));
        return [...seen].some((each) => each > before);
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  await expect
    .poll(() =>
      here.ping().then(
        () => 'up',
        () => 'down',
      ),
    )
    .toBe('up');
  expect(lines).toContain('info The event bus is connected again.');
  // A connection that was only silent brings later what it did not bring.
  if (name !== 'silence') expect(resumed).toBeGreaterThan(0);
  end();
});

test('while the server is away a ping fails, publishing does not, and memory stays bounded', async () => {
  const lines: string[] = [];
  const bus = await openBus({ logger: { log: (_level, message) => void lines.push(message) } });
  await server.kill();
  await expect(bus.ping()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  for (let seq = 1; seq <= 30_000; seq++) bus.publish(log(seq));
  expect(lines.filter((line) => line.startsWith('Events did not reach'))).toHaveLength(1);
  await server.restart();
  await bus.close();
});

test('a bus on which nothing is wrong leaves no connection when it is closed', async () => {
  const count = () => server.sql(`select count(*) from pg_stat_activity where usename = 'vwmp'`);
  await expect.poll(count).toBe('0');
  const bus = await openBus();
  bus.subscribe('e1', () => undefined);
  expect(await count()).toBe('1');
  await bus.close();
  await expect.poll(count).toBe('0');
});
