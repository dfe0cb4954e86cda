import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import type { Storage } from '@vwmp/core';
import { type PostgresServer, startPostgres, startProxy } from '@vwmp/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresStorageOptions } from './options.ts';
import { createPostgresStorage } from './storage.ts';
import { startLoad } from './testing/load.ts';
import { verify } from './testing/verify.ts';

let server: PostgresServer;
let databases = 0;
beforeAll(async () => {
  server = await startPostgres({ config: { max_connections: '30' } });
});
afterAll(() => server.stop());

const opened: Storage[] = [];
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

async function newDatabase(): Promise<string> {
  return await server.createDatabase(`outage_${++databases}`);
}

function storageAt(url: string, options: Partial<PostgresStorageOptions> = {}): Storage {
  const storage = createPostgresStorage({ url, ...{ timeout: 2000, connectTimeout: 2000 }, ...options });
  opened.push(storage);
  return storage;
}

async function openAt(url: string, options: Partial<PostgresStorageOptions> = {}): Promise<Storage> {
  const storage = storageAt(url, options);
  await storage.open();
  return storage;
}

async function whyNot(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => expect.unreachable(),
    (reason: unknown) => reason as Error & { code: string },
  );
  return {
    code: error.code,
    message: `${error.message} ${String((error.cause as Error | undefined)?.message)}`,
  };
}

describe('under load', () => {
  const survives = (
    name: string,
    strike: (url: string) => Promise<void>,
    options?: Partial<PostgresStorageOptions>,
  ) =>
    test(name, async () => {
      const url = await newDatabase();
      const storage = await openAt(url, options);
      const load = startLoad(storage.executions, 16);
      await load.more(200);
      await strike(url);
      // It goes on by itself.
      await load.more(200);
      await storage.ping();
      await verify(storage, await load.end());
      expect(
        [...load.codes].filter(
          (code) => code !== 'STORE_UNAVAILABLE' && code !== 'VERSION_CONFLICT' && code !== 'ALREADY_EXISTS',
        ),
      ).toEqual([]);
    });

  survives('a restart of the server loses nothing', () => server.restart());
  survives('a kill of the server loses nothing', async () => {
    await server.kill();
    await server.restart();
  });
  survives('two kills in a row lose nothing', async () => {
    for (let n = 0; n < 2; n++) {
      await server.kill();
      await server.restart();
    }
  });
  survives('ending all connections again and again loses nothing', async () => {
    for (let n = 0; n < 10; n++) {
      await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'vwmp'`);
    }
  });
  survives('a single connection is enough', () => server.restart(), { poolSize: 1 });
});

describe('a server that says nothing', () => {
  test('whoever connects is not told that connections are busy', async () => {
    const storage = createPostgresStorage({ url: await newDatabase(), connectTimeout: 300, poolSize: 1 });
    server.freeze();
    try {
      expect((await whyNot(storage.maintenance!.tables())).message).toContain(
        'It has not answered for 0.3 s',
      );
    } finally {
      server.thaw();
      await storage.close();
    }
  });

  test('whoever waits is told in time, also by ping, and everything goes on when it talks again', async () => {
    const storage = await openAt(await newDatabase(), { timeout: 500, connectTimeout: 500 });
    const { executions } = storage;
    await executions.append(creation('e1'));
    server.freeze();
    try {
      const pending = [
        executions.append(progress('e1', 1)),
        executions.append(creation('e2')),
        executions.get('e1'),
        executions.heartbeat('w', 1000),
        storage.ping(),
        storage.workflows.list(),
      ];
      const reasons = await Promise.all(pending.map(whyNot));
      for (const { code, message } of reasons) {
        expect(code).toBe('STORE_UNAVAILABLE');
        expect(message).toMatch(/has not answered for|No connection became free/);
      }
      expect((await whyNot(storage.ping())).code).toBe('STORE_UNAVAILABLE');
    } finally {
      server.thaw();
    }
    await expect
      .poll(() =>
        storage.ping().then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('up');
    // What was not confirmed may be there; the next one knows by reading.
    const record = await executions.get('e1');
    await executions.append(progress('e1', record!.seq));
    await verify(storage, new Map([['e1', record!.seq + 1]]));
  });

  test('closing takes a few seconds at most, however long one is to wait otherwise', async () => {
    const storage = await openAt(await newDatabase(), { timeout: 600_000, connectTimeout: 600_000 });
    const { executions } = storage;
    await executions.append(creation('e1'));
    server.freeze();
    try {
      const codeOf = (work: Promise<unknown>) => work.then(String, (error: { code: string }) => error.code);
      const sent = codeOf(executions.append(progress('e1', 1)));
      // Appends go when the loop has turned.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      const waiting = Array.from({ length: 10 }, (_, n) => codeOf(executions.get(`e${n}`)));
      await storage.close();
      expect(await sent).toBe('STORE_UNAVAILABLE');
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['CLOSED']));
    } finally {
      server.thaw();
    }
  });

  test('closing does not wait for a server that is away', async () => {
    const storage = await openAt(await newDatabase(), { connectTimeout: 600_000 });
    await storage.executions.append(creation('e1'));
    await server.kill();
    try {
      const pending = storage.executions.get('e1').catch((error: { code: string }) => error.code);
      await expect
        .poll(() =>
          storage.ping().then(
            () => 'up',
            () => 'down',
          ),
        )
        .toBe('down');
      await storage.close();
      expect(await pending).toBe('CLOSED');
    } finally {
      await server.restart();
    }
  });

  test('a network that swallows everything is noticed, and used again when it works', async () => {
    const proxy = await startProxy(server);
    try {
      const url = (await newDatabase()).replace(`:${server.port}/`, `:${proxy.port}/`);
      const storage = await openAt(url, { timeout: 500, connectTimeout: 500 });
      await storage.executions.append(creation('e1'));
      await proxy.cut('silent');
      expect((await whyNot(storage.executions.append(progress('e1', 1)))).code).toBe('STORE_UNAVAILABLE');
      expect((await whyNot(storage.ping())).code).toBe('STORE_UNAVAILABLE');
      await proxy.restore();
      await expect
        .poll(() =>
          storage.ping().then(
            () => 'up',
            () => 'down',
          ),
        )
        .toBe('up');
      const { seq } = (await storage.executions.get('e1'))!;
      await storage.executions.append(completion('e1', seq));
      await proxy.cut('dropped');
      expect((await storage.executions.get('e1'))?.status).toBe('success');
    } finally {
      await proxy.stop();
    }
  });
});
