import { createPlatform, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import {
  type PostgresServer,
  type RedisServer,
  type Proxy as ServerProxy,
  startPostgres,
  startProxy,
  startRedis,
} from '@vwmp/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperation, type Operation } from './operation.ts';
import { createProbeServer, type ProbeServer } from './probe-server.ts';

let postgres: PostgresServer;
let redis: RedisServer;
let proxies: { database: ServerProxy; queue: ServerProxy };
let platform: Platform;
let operation: Operation;
let server: ProbeServer;
let url: string;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const through = async (address: string): Promise<[string, ServerProxy]> => {
    const parsed = new URL(address);
    const proxy = await startProxy({ port: Number(parsed.port) });
    parsed.host = `127.0.0.1:${proxy.port}`;
    return [parsed.href, proxy];
  };
  const [databaseUrl, database] = await through(await postgres.createDatabase('probes'));
  const [redisUrl, queue] = await through(redis.url);
  proxies = { database, queue };
  const { settings } = readSettings(
    {
      ...{ VWMP_DEPLOYMENT_MODE: 'full', VWMP_DATABASE_URL: databaseUrl, VWMP_REDIS_URL: redisUrl },
      ...{ VWMP_ENCRYPTION_KEY: 'a key of many characters', VWMP_IN_PROCESS_WORKER: 'true' },
    },
    { cwd: '/nowhere', envFile: false },
  );
  platform = await createPlatform(settings, { logger: { log: () => undefined }, from: import.meta.dirname });
  await platform.open();
  operation = createOperation({ platform });
  server = createProbeServer(operation, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${await server.listen()}`;
});
afterAll(async () => {
  await server?.close();
  operation?.close();
  await platform?.close();
  await Promise.all([proxies?.database.stop(), proxies?.queue.stop()]);
  await Promise.all([postgres?.stop(), redis?.stop()]);
});

async function until(status: number, holds: (text: string) => boolean = () => true): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    if (answer.status === status && holds(await answer.text())) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.each<['database' | 'queue', 'refused' | 'silent']>([
  ['database', 'refused'],
  ['database', 'silent'],
  ['queue', 'refused'],
  ['queue', 'silent'],
])(
  'while the %s is %s it is not ready, and it is again by itself',
  { timeout: 60_000 },
  async (name, how) => {
    await until(200);
    await proxies[name].cut(how);
    await until(503);
    // Alive all the time, and whoever asks is answered at once.
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    await until(503, (text) =>
      text.includes(`"name":"${name}","backend":"${name === 'queue' ? 'redis' : 'postgresql'}","ok":false`),
    );
    await proxies[name].restore();
    await until(200);
  },
);
