import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionEvent } from '@vwmp/core';
import { createMemoryEventBus } from '@vwmp/core/memory';
import type { Platform } from '@vwmp/core/platform';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import { startProxy } from '@vwmp/test-servers';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { Feeds, follow } from './feed.ts';
import { connect, followToEnd } from './testing/connect.ts';
import { chain, openPlatform, recordedOf, stored, waiting } from './testing/platform.ts';
import { serveSockets } from './testing/serve.ts';

/** The machine may have other things to do. */
const patient = { timeout: 30_000 };

async function open(options: Parameters<typeof openPlatform>[0] = {}): Promise<Platform> {
  const platform = await openPlatform(options);
  onTestFinished(() => platform.close());
  return platform;
}

it('a thousand sockets that are cut at random while executions run: every client has what the store has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-live-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const platform = await open({ storage: createSqliteStorage({ path: join(folder, 'vwmp.db') }) });
  const server = await serveSockets(platform);
  onTestFinished(() => server.stop());
  const proxies: Awaited<ReturnType<typeof startProxy>>[] = [];
  for (let n = 0; n < 5; n++) {
    const proxy = await startProxy({ port: server.port });
    onTestFinished(() => proxy.stop());
    proxies.push(proxy);
  }
  let cuts = 0;
  let ended = 0;
  const enough = (): boolean => cuts >= 1000;

  /** Starts executions and follows each with a few clients, until enough was cut. */
  const audience = async (seat: number): Promise<void> => {
    for (let round = 0; !enough(); round++) {
      const { execution_id: id } = await platform.start(chain('c', 30, 1));
      const clients = [0, 1, 2, 3].map((n) =>
        followToEnd(proxies[(seat + n + round) % proxies.length]!.port, id),
      );
      const followed = await Promise.all(clients);
      const truth = await stored(platform, id);
      for (const { events } of followed) {
        expect(recordedOf(events)).toEqual(truth);
        ended++;
      }
    }
  };
  const cutter = async (): Promise<void> => {
    while (!enough()) {
      const proxy = proxies[Math.floor(Math.random() * proxies.length)]!;
      cuts += proxy.connections();
      await proxy.cut('dropped');
      for (let turn = Math.random() * 5; turn > 0; turn--)
        await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all([cutter(), ...Array.from({ length: 8 }, (_, seat) => audience(seat))]);
  expect(ended).toBeGreaterThan(30);
  await expect.poll(() => server.sockets.size, patient).toBe(0);
}, 180_000);

it('two hundred clients on one execution have one reader, and all the same', async () => {
  const platform = await open();
  const feeds = new Feeds(platform);
  const server = await serveSockets(platform, { feeds });
  onTestFinished(() => server.stop());
  let reads = 0;
  let subscriptions = 0;
  const { executions } = platform.storage;
  const { events } = executions;
  executions.events = (id, after) => {
    reads++;
    return events.call(executions, id, after);
  };
  const { subscribe } = platform.bus;
  platform.bus.subscribe = (id, listener) => {
    subscriptions++;
    return subscribe(id, listener);
  };
  const steps = [
    ...waiting.steps,
    ...chain('more', 50).steps.map((step) => ({ ...step, dependencies: ['work'] })),
  ];
  const { execution_id: id } = await platform.start({ ...waiting, steps });
  const clients = Array.from({ length: 200 }, () => connect(server.port, `/ws/vwmp/executions/${id}`));
  const reached = (all: Record<string, unknown>[]): boolean =>
    all.some(({ event }) => event === 'step_waiting');
  await Promise.all(clients.map(({ until }) => until(reached)));
  expect(feeds.size).toBe(1);
  expect(subscriptions).toBe(1);
  const before = reads;
  await platform.signal(id, 'go');
  const closed = await Promise.all(clients.map((client) => client.closed));
  expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([1000]));
  // What is told live is not read again; the one look is for the case that something was lost.
  expect(reads - before).toBeLessThan(5);
  const truth = await stored(platform, id);
  for (const { messages } of clients) expect(recordedOf(messages as never)).toEqual(truth);
  await expect.poll(() => feeds.size, patient).toBe(0);
});

it('a bus that loses, doubles and reorders what it is given changes nothing of what is recorded', async () => {
  const what = fc.infiniteStream(fc.integer({ min: 0, max: 9 }));
  await fc.assert(
    fc.asyncProperty(
      what,
      fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }),
      async (luck, starts) => {
        const bus = createMemoryEventBus();
        const { publish } = bus;
        const late: ExecutionEvent[] = [];
        bus.publish = (event) => {
          const chance = luck.next().value as number;
          if (chance < 3) return;
          if (chance === 3) late.push(event);
          else publish(event);
          if (chance === 4) publish(event);
          if (chance === 5) for (const each of late.splice(0)) publish(each);
        };
        const platform = await openPlatform({ bus });
        const feeds = new Feeds(platform, { tick: 1 });
        try {
          const { execution_id: id } = await platform.start(chain('c', 12, 1));
          const followers = starts.map(async (after) => {
            const seen: ExecutionEvent[] = [];
            while (((await platform.storage.executions.get(id))?.seq ?? 0) < Math.min(after, 13)) {
              await new Promise((resolve) => setImmediate(resolve));
            }
            for await (const { event } of follow(feeds, id, Math.min(after, 13))) seen.push(event);
            return { after: Math.min(after, 13), seen };
          });
          const all = await Promise.all(followers);
          const truth = await stored(platform, id);
          for (const { after, seen } of all) {
            expect(recordedOf(seen)).toEqual(truth.slice(after));
            const numbers = seen.map(({ seq }) => seq);
            expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          }
          expect(feeds.size).toBe(0);
        } finally {
          await platform.close();
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('a store that is away for a moment costs nobody an event', async () => {
  const bus = createMemoryEventBus();
  const platform = await open({ bus });
  const feeds = new Feeds(platform, { tick: 1 });
  const { executions } = platform.storage;
  const { events } = executions;
  const { execution_id: id } = await platform.start(waiting);
  const seen: ExecutionEvent[] = [];
  const following = (async () => {
    for await (const { event } of follow(feeds, id, 0)) seen.push(event);
  })();
  await expect.poll(() => seen.length, patient).toBeGreaterThan(0);
  let failures = 0;
  executions.events = (of, after = 0) => {
    // The worker reads from the beginning.
    if (after === 0) return events.call(executions, of);
    failures++;
    throw new Error('The store is away.');
  };
  bus.publish = () => undefined;
  await platform.signal(id, 'go');
  await platform.wait(id);
  await expect.poll(() => failures, patient).toBeGreaterThan(1);
  executions.events = events;
  await following;
  expect(recordedOf(seen)).toEqual(await stored(platform, id));
});

it('an execution that retention takes away is not waited for', async () => {
  const bus = createMemoryEventBus();
  bus.publish = () => undefined;
  const platform = await open({ bus });
  const feeds = new Feeds(platform, { tick: 1 });
  const { execution_id: id } = await platform.start(waiting);
  const { executions } = platform.storage;
  const seen: ExecutionEvent[] = [];
  const following = (async () => {
    for await (const { event } of follow(feeds, id, 0)) seen.push(event);
  })();
  await expect.poll(() => seen.length, patient).toBeGreaterThan(0);
  executions.get = async () => undefined;
  executions.events = async function* () {};
  await expect(following).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
  expect(feeds.size).toBe(0);
});

it('what a bus lost while it was away is found as soon as it is back', async () => {
  const bus = createMemoryEventBus();
  const { publish } = bus;
  let resume = (): void => undefined;
  bus.onResume = (listener) => {
    resume = listener;
    return () => undefined;
  };
  const platform = await open({ bus });
  // No look but this one within the time of the test.
  const feeds = new Feeds(platform, { tick: 1e6 });
  const { execution_id: id } = await platform.start(waiting);
  const seen: ExecutionEvent[] = [];
  const following = (async () => {
    for await (const { event } of follow(feeds, id, 0)) seen.push(event);
  })();
  await expect.poll(() => seen.at(-1)?.event, patient).toBe('step_waiting');
  bus.publish = () => undefined;
  await platform.signal(id, 'go');
  await expect.poll(async () => (await platform.storage.executions.get(id))?.status, patient).toBe('success');
  bus.publish = publish;
  expect(seen.at(-1)?.event).toBe('step_waiting');
  resume();
  await following;
  expect(recordedOf(seen)).toEqual(await stored(platform, id));
});
