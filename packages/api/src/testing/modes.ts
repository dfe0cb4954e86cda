import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPlatform, type Platform, type PlatformOptions } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { createPostgresEventBus, createPostgresStorage } from '@vwmp/db-postgres';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { createRedisEventBus, createRedisQueue } from '@vwmp/queue-redis';

/** A platform as it runs in one of the deployment modes, which has to be closed. */
export interface Deployed {
  platform: Platform;
  close(): Promise<void>;
}

const quiet = { logger: { log: () => undefined } };
const always = { VWMP_API_PORT: '0', VWMP_API_RATE: 'off', VWMP_ENCRYPTION_KEY: 'a key of many characters' };

async function open(env: Record<string, string>, options: PlatformOptions): Promise<Platform> {
  const { settings } = readSettings({ ...always, ...env }, { cwd: '/nowhere' });
  const platform = await createPlatform(settings, { ...quiet, ...options });
  await platform.open();
  return platform;
}

/** One process with SQLite. */
export async function deployLightweight(path: string): Promise<Deployed> {
  const options = { storage: createSqliteStorage({ path }), queue: createMemoryQueue() };
  const platform = await open({ VWMP_DEPLOYMENT_MODE: 'lightweight', VWMP_SQLITE_PATH: path }, options);
  return { platform, close: () => platform.close() };
}

/** One process with PostgreSQL. */
export async function deployHybrid(url: string): Promise<Deployed> {
  const options = {
    storage: createPostgresStorage({ url }),
    queue: createMemoryQueue(),
    bus: createPostgresEventBus({ url }),
  };
  const platform = await open({ VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: url }, options);
  return { platform, close: () => platform.close() };
}

/** With PostgreSQL and Redis; a worker in another process does all the work. */
export async function deployFull(url: string, redis: string): Promise<Deployed> {
  const env = { VWMP_DEPLOYMENT_MODE: 'full', VWMP_DATABASE_URL: url, VWMP_REDIS_URL: redis };
  const { settings } = readSettings({ ...always, ...env }, { cwd: '/nowhere' });
  const queue = { url: redis, prefix: settings.queue.prefix };
  Object.assign(settings.worker, { inProcess: false });
  const platform = await createPlatform(settings, {
    ...quiet,
    storage: createPostgresStorage({ url }),
    queue: createRedisQueue(queue),
    bus: createRedisEventBus(queue),
  });
  await platform.open();
  const worker = await startWorker({ ...always, ...env });
  return {
    platform,
    async close() {
      await platform.close();
      worker.kill('SIGKILL');
      await once(worker, 'close');
    },
  };
}

async function startWorker(env: Record<string, string>): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('worker-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', file, JSON.stringify(env)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
