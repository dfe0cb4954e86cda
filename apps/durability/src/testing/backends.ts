import type { PlatformOptions } from '@vwmp/core/platform';
import type { Logger } from '@vwmp/core/ports';
import { type Place, settingsOf } from './place.ts';

/** The adapters of a place for processes. A platform finds them by itself, but not from a bundle. */
export async function createBackends(
  place: Place,
  logger: Logger,
): Promise<Pick<PlatformOptions, 'storage' | 'queue' | 'bus'>> {
  const { database, queue } = settingsOf(place);
  if (database.backend === 'sqlite' && queue.backend === 'memory') {
    const { createSqliteStorage } = await import('@vwmp/db-sqlite');
    const { createMemoryQueue } = await import('@vwmp/queue-memory');
    return {
      storage: createSqliteStorage({ path: database.path! }),
      queue: createMemoryQueue({ limit: queue.limit }),
    };
  }
  if (database.backend === 'postgresql' && queue.backend === 'redis') {
    const { createPostgresStorage } = await import('@vwmp/db-postgres');
    const { createRedisQueue, createRedisEventBus } = await import('@vwmp/queue-redis');
    const redis = { url: queue.url!, prefix: queue.prefix, logger };
    return {
      storage: createPostgresStorage({ url: database.url!, poolSize: database.poolSize }),
      queue: createRedisQueue(redis),
      bus: createRedisEventBus(redis),
    };
  }
  throw new Error(`There is no bundle for ${database.backend} and ${queue.backend}.`);
}
