import { createMemoryEventBus } from '../adapters/memory/event-bus.ts';
import { VwmpError } from '../errors.ts';
import { resolveFrom } from '../plugin/resolve-from.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Logger } from '../ports/logger.ts';
import type { QueueBackend } from '../ports/queue-backend.ts';
import type { Storage } from '../ports/storage.ts';
import type { WorkflowStore } from '../ports/workflow-store.ts';
import type { Settings, SqliteDriver, SqliteSynchronous } from '../settings/settings.ts';

export interface Backends {
  storage: Storage;
  queue: QueueBackend;
  bus: EventBus;
  /** Documents: in a folder, or in the storage. */
  workflows: WorkflowStore;
}

interface Tools {
  /** The folders that packages are seen from, tried in this order. */
  from: readonly string[];
  /** One that was given. Without, each goes by its own: what has to wait needs no time of day. */
  clock: Clock | undefined;
  logger: Logger;
}

/** Makes the adapters that the settings name and that are not given. @throws PACKAGE_MISSING */
export async function createBackends(
  settings: Settings,
  given: Partial<Backends>,
  tools: Tools,
): Promise<Backends> {
  const storage = given.storage ?? (await createStorage(settings, tools));
  const queue = given.queue ?? (await createQueue(settings, tools));
  const bus = given.bus ?? (await createBus(settings, tools));
  return { storage, queue, bus, workflows: given.workflows ?? (await createWorkflows(settings, storage)) };
}

async function createStorage({ database }: Settings, { logger, from }: Tools): Promise<Storage> {
  const { backend, path = '', url = '', poolSize, synchronous, driver } = database;
  switch (backend) {
    case 'memory':
      return (await import('../adapters/memory/index.ts')).createMemoryStorage();
    case 'file':
      return (await import('../adapters/file/index.ts')).createFileStorage({ folder: path });
    case 'sqlite':
      return (await load<SqliteModule>('@vwmp/db-sqlite', from)).createSqliteStorage({
        path,
        synchronous,
        driver,
        logger,
      });
    case 'postgresql':
      return (await load<PostgresModule>('@vwmp/db-postgres', from)).createPostgresStorage({
        url,
        poolSize,
        logger,
      });
  }
}

async function createQueue(
  { queue, worker }: Settings,
  { clock, logger, from }: Tools,
): Promise<QueueBackend> {
  const { backend, url = '', prefix, limit, sync } = queue;
  if (backend === 'memory') {
    return (await load<MemoryQueueModule>('@vwmp/queue-memory', from)).createMemoryQueue({
      limit,
      sync,
      clock,
    });
  }
  const { createRedisQueue } = await load<RedisModule>('@vwmp/queue-redis', from);
  return createRedisQueue({ url, prefix, logger, gracePeriod: worker.gracePeriod });
}

/** Where there is nothing between processes, events stay within this one. */
async function createBus({ queue, database }: Settings, { logger, from }: Tools): Promise<EventBus> {
  if (queue.backend === 'redis') {
    const { createRedisEventBus } = await load<RedisModule>('@vwmp/queue-redis', from);
    return createRedisEventBus({ url: queue.url ?? '', prefix: queue.prefix, logger });
  }
  if (database.backend === 'postgresql') {
    const { createPostgresEventBus } = await load<PostgresModule>('@vwmp/db-postgres', from);
    return createPostgresEventBus({ url: database.url ?? '', logger });
  }
  return createMemoryEventBus({ logger });
}

async function createWorkflows({ workflowsDir }: Settings, storage: Storage): Promise<WorkflowStore> {
  if (workflowsDir === undefined) return storage.workflows;
  return (await import('../adapters/file/index.ts')).createFileWorkflowStore({ folder: workflowsDir });
}

/** What is used of the packages; core depends on none of them. */
interface SqliteModule {
  createSqliteStorage(options: {
    path: string;
    synchronous: SqliteSynchronous | undefined;
    driver: SqliteDriver | undefined;
    logger: Logger;
  }): Storage;
}
interface PostgresModule {
  createPostgresStorage(options: { url: string; poolSize: number; logger: Logger }): Storage;
  createPostgresEventBus(options: { url: string; logger: Logger }): EventBus;
}
interface MemoryQueueModule {
  createMemoryQueue(options: { limit: number; sync: boolean; clock: Clock | undefined }): QueueBackend;
}
interface RedisModule {
  createRedisQueue(options: {
    url: string;
    prefix: string;
    logger: Logger;
    gracePeriod: number;
  }): QueueBackend;
  createRedisEventBus(options: { url: string; prefix: string; logger: Logger }): EventBus;
}

/**
 * Imports a package that the program has installed; where packages are kept apart, core cannot see it from its own place.
 *
 * @throws PACKAGE_MISSING
 */
async function load<T>(name: string, from: readonly string[]): Promise<T> {
  const file = from.map((folder) => resolveFrom(name, folder)).find((found) => found !== undefined);
  if (file !== undefined) {
    const { pathToFileURL } = process.getBuiltinModule('node:url');
    return (await import(pathToFileURL(file).href)) as T;
  }
  const seen = from.join(' and ');
  const message = `The settings ask for "${name}", which is not installed, seen from ${seen}. Add it: npm install ${name}`;
  throw new VwmpError('PACKAGE_MISSING', message, { retryable: false });
}
