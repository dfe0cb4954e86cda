import { join } from 'node:path';
import type { Ground } from './ground.ts';
import type { Place } from './place.ts';

type StorageName = 'memory' | 'file' | 'sqlite' | 'postgresql';
type QueueName = 'memory' | 'redis';
type Make = (ground: Ground) => Promise<Place>;

const storages: Readonly<Record<StorageName, Make>> = {
  memory: async () => ({ VWMP_DATABASE_BACKEND: 'memory' }),
  file: async (ground) => ({ VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: ground.folder() }),
  sqlite: async (ground) => ({
    VWMP_DATABASE_BACKEND: 'sqlite',
    VWMP_SQLITE_PATH: join(ground.folder(), 'vwmp.db'),
  }),
  postgresql: async (ground) => ({
    VWMP_DATABASE_BACKEND: 'postgresql',
    VWMP_DATABASE_URL: await (await ground.postgres()).createDatabase(ground.name()),
  }),
};

const queues: Readonly<Record<QueueName, Make>> = {
  memory: async () => ({ VWMP_QUEUE_BACKEND: 'memory' }),
  redis: async (ground) => ({
    VWMP_QUEUE_BACKEND: 'redis',
    VWMP_REDIS_URL: (await ground.redis()).url,
    VWMP_QUEUE_PREFIX: ground.name(),
  }),
};

/** A storage together with a queue. */
export interface Pair {
  readonly name: string;
  /** False when what is in it is gone with the process. */
  readonly survives: boolean;
  /** Makes a new place, over which any number of platforms can be made, also in other processes. */
  place(ground: Ground): Promise<Place>;
}

/** Where platforms can be made. */
export function pair(storage: StorageName, queue: QueueName): Pair {
  return {
    name: `${storage} and ${queue}`,
    survives: storage !== 'memory',
    place: async (ground) => ({ ...(await storages[storage](ground)), ...(await queues[queue](ground)) }),
  };
}

/** Every storage and every queue, in the combinations that people use. */
export const pairs: readonly Pair[] = [
  // One a line: it is all that another one takes.
  pair('memory', 'memory'),
  pair('file', 'memory'),
  pair('sqlite', 'memory'),
  pair('sqlite', 'redis'),
  pair('postgresql', 'memory'),
  pair('postgresql', 'redis'),
];
