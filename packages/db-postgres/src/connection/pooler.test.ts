import { progress } from '@vwmp/adapter-tests/samples';
import type { ExecutionEvent } from '@vwmp/core';
import { type PostgresServer, startPgbouncer, startPostgres } from '@vwmp/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresEventBus } from '../bus/event-bus.ts';
import { createPostgresStorage } from '../storage.ts';
import { startLoad } from '../testing/load.ts';
import { verify } from '../testing/verify.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

test('a pooler that gives each client a session of its own is as good as the server', async () => {
  const database = await server.createDatabase('session');
  const pooler = await startPgbouncer({ url: database, mode: 'session' });
  const storage = createPostgresStorage({ url: pooler.url });
  try {
    await storage.open();
    const load = startLoad(storage.executions, 20);
    await load.more(300);
    await verify(storage, await load.end());
    expect(load.codes).toEqual(new Set());
  } finally {
    await storage.close();
    await pooler.stop();
  }
});

test('a pooler that has a session for each process, and no more, is as good', async () => {
  const database = await server.createDatabase('few');
  const pooler = await startPgbouncer({ url: database, mode: 'session', sessions: 3 });
  const storages = [1, 2, 3].map(() => createPostgresStorage({ url: pooler.url, poolSize: 1 }));
  try {
    await Promise.all(storages.map((storage) => storage.open()));
    await Promise.all(storages.map((storage) => storage.ping()));
  } finally {
    await Promise.all(storages.map((storage) => storage.close()));
    await pooler.stop();
  }
});

test.for(['transaction', 'statement'] as const)(
  'a pooler with pool_mode %s is refused before anything is set or made',
  async (mode) => {
    const database = await server.createDatabase(mode);
    const pooler = await startPgbouncer({ url: database, mode });
    const storage = createPostgresStorage({ url: pooler.url, schema: 'mine' });
    try {
      const { port } = new URL(pooler.url);
      await expect(storage.open()).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryable: false,
        message: `The database "${mode}" at 127.0.0.1:${port} is behind a pooler that gives a session of the server to several clients in turn. Set its pool_mode to session, or name the server itself in the URL.`,
      });
      // Whoever gets the session next is not to find what was set for this storage.
      const left =
        "select count(*) from pg_locks where locktype = 'advisory'; select count(*) from pg_namespace where nspname = 'mine'";
      expect(await server.sql(left, mode)).toBe('0\n0');
    } finally {
      await storage.close();
      await pooler.stop();
    }
  },
);

test.for(['transaction', 'statement'] as const)(
  'an event bus alone refuses a pooler with pool_mode %s, and leaves nobody listening behind it',
  async (mode) => {
    const database = await server.createDatabase(`bus_${mode}`);
    const pooler = await startPgbouncer({ url: database, mode });
    const logged: string[] = [];
    const logger = { log: (_level: string, message: string) => void logged.push(message) };
    const bus = createPostgresEventBus({ url: pooler.url, logger });
    try {
      const refused = {
        ...{ code: 'BUS_UNAVAILABLE', retryable: false },
        message: expect.stringContaining('Set its pool_mode to session') as string,
      };
      await expect(bus.open()).rejects.toMatchObject(refused);
      await expect(bus.open()).rejects.toMatchObject(refused);
      expect(logged).toEqual(['The event bus is cut off: events do not reach other processes.']);
      const left = "select count(*) from pg_stat_activity where query like 'listen%'";
      expect(await server.sql(left, `bus_${mode}`)).toBe('0');
    } finally {
      await bus.close();
      await pooler.stop();
    }
  },
);

test('an event bus hears others through a pooler that gives each client a session of its own', async () => {
  const database = await server.createDatabase('bus_session');
  const pooler = await startPgbouncer({ url: database, mode: 'session' });
  const buses = [1, 2].map(() => createPostgresEventBus({ url: pooler.url }));
  try {
    await Promise.all(buses.map((bus) => bus.open()));
    const seen: ExecutionEvent[] = [];
    buses[0]!.subscribe(undefined, (event) => void seen.push(event));
    const [event] = progress('e1', 1).events;
    await expect
      .poll(() => {
        buses[1]!.publish(event!);
        return seen.length;
      })
      .toBeGreaterThan(0);
  } finally {
    await Promise.all(buses.map((bus) => bus.close()));
    await pooler.stop();
  }
});
