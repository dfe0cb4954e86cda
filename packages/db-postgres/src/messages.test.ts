import { type PostgresServer, startPostgres } from '@vwmp/test-servers';
import { expect, test } from 'vitest';
import { createPostgresEventBus } from './bus/event-bus.ts';
import { connect } from './connection/connection.ts';
import { readSettings } from './connection/settings.ts';
import { createPostgresStorage } from './storage.ts';

// What people read when something is wrong: what, where, and what to do. Never the password.

const secret = 'p@ss/word "quoted"';

async function messageOf(url: string, options: object = {}): Promise<string> {
  const storage = createPostgresStorage({ url, connectTimeout: 1000, timeout: 1000, ...options });
  try {
    await storage.open();
    return 'opened';
  } catch (error) {
    const { code, message, cause } = error as Error & { code: string };
    for (const text of [message, String(cause), JSON.stringify(error), String((error as Error).stack)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(encodeURIComponent(secret));
    }
    expect(code).toBe('STORE_UNAVAILABLE');
    return message;
  } finally {
    await storage.close();
  }
}

async function withServer(
  options: Parameters<typeof startPostgres>[0],
  work: (server: PostgresServer) => Promise<void>,
): Promise<void> {
  const server = await startPostgres(options);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

test.each([
  'postgres://me:p/secret@db:5432/x',
  'postgres://me:12/secret@db:5432/x',
  'postgres://me:12?secret@db:5432/x',
  'postgres://me:12#secret@db:5432/x',
  'postgres://me:p@a/secret@db:5432/x',
  'postgres://me:p@a?secret@db:5432/x',
  'postgres://me:%secret@db:5432/x',
])('%s says what has to be encoded, and nothing of the password', (url) => {
  const make = () => createPostgresStorage({ url });
  expect(make).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
  expect(make).toThrow('"/" is written as %2F, "?" as %3F, "#" as %23, "@" as %40 and "%" as %25');
  expect(make).not.toThrow(/secret/);
});

test('what is wrong with the way to a server is named', async () => {
  await withServer(
    { password: secret, config: { max_connections: '6', superuser_reserved_connections: '1' } },
    async (server) => {
      const { url, host, port } = server;
      const at = `${host}:${port}`;
      expect(await messageOf(url)).toContain('permission denied for schema public');
      const mine = await server.createDatabase('mine');
      expect(await messageOf(mine)).toBe('opened');

      expect(await messageOf(mine.replace(encodeURIComponent(secret), 'wrong'))).toBe(
        `The database "mine" at ${at} does not accept the password of "vwmp". Correct the URL, or the password there.`,
      );
      expect(await messageOf(mine.replace('vwmp:', 'nobody:'))).toContain(
        'does not accept the password of "nobody"',
      );
      expect(await messageOf(mine.replace('/mine', '/yours'))).toBe(
        `There is no database "yours" at ${at}. Create it (createdb yours), or correct the URL.`,
      );
      expect(await messageOf(`${mine}?sslmode=require`)).toContain(
        'does not speak TLS. Take sslmode out of the URL',
      );
      expect(await messageOf(mine.replace(host, 'host.invalid'))).toContain('The host "host.invalid"');
      expect(await messageOf(mine.replace(`:${port}/`, ':1/'))).toContain(
        'Nobody answers where the database "mine" at 127.0.0.1:1',
      );

      const taken = await Promise.all(Array.from({ length: 5 }, () => connect(readSettings(mine), 1000)));
      expect(await messageOf(mine)).toContain('has no connection left. Raise max_connections there');
      await Promise.all(taken.map((connection) => connection.close()));

      await server.sql('alter database mine set default_transaction_read_only = on');
      expect(await messageOf(mine, { schema: 'other' })).toContain('can only be read');
      const storage = createPostgresStorage({ url: mine });
      await storage.open();
      await expect(storage.ping()).rejects.toThrow('can only be read');
      await storage.close();

      await server.sql('alter database mine reset default_transaction_read_only');
      const deprived = createPostgresStorage({ url: mine });
      await deprived.open();
      await deprived.ping();
      for (const right of ['insert on events', 'update on executions', 'delete on messages']) {
        await server.sql(`revoke ${right} from vwmp`, 'mine');
        await expect(deprived.ping()).rejects.toThrow(
          '"vwmp" may not read and write all tables. Make it their owner again.',
        );
        await server.sql(`grant ${right} to vwmp`, 'mine');
        await deprived.ping();
      }
      await server.sql('alter table events rename to elsewhere', 'mine');
      await expect(deprived.ping()).rejects.toThrow('does not have the tables of this version');
      await deprived.close();

      const bus = createPostgresEventBus({ url: mine.replace('/mine', '/yours') });
      await expect(bus.open()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
      await bus.close();

      await server.kill();
      expect(await messageOf(mine)).toContain('Start the server');
    },
  );
});

test('a server that wants TLS says so, and can be used with it', async () => {
  await withServer({ password: secret, tls: true }, async (server) => {
    const mine = await server.createDatabase('mine');
    expect(await messageOf(mine)).toContain('only with TLS. Add ?sslmode=verify-full to the URL');
    expect(await messageOf(`${mine}?sslmode=verify-full`)).toContain('is not to be trusted');
    expect(await messageOf(`${mine}?sslmode=require`)).toBe('opened');
    expect(await messageOf(mine, { tls: { ca: server.ca } })).toBe('opened');
    expect(await messageOf(mine, { tls: true })).toContain('is not to be trusted');
  });
});

test('a database with another encoding is refused', async () => {
  await withServer({}, async (server) => {
    await server.sql(
      `create database latin owner vwmp encoding 'LATIN1' locale_provider libc locale 'C' template template0`,
    );
    expect(await messageOf(server.url.replace('/postgres', '/latin'))).toContain(
      'Create a database with the encoding UTF8',
    );
  });
});
