import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';

/** What places are made of: folders and servers, which are there from their first use until it is cleared. */
export interface Ground {
  /** A new one. */
  folder(): string;
  redis(): Promise<RedisServer>;
  postgres(): Promise<PostgresServer>;
  /** Different each time. */
  name(): string;
  clear(): Promise<void>;
}

/** Makes the ground of one test file. Clear it at the end. */
export function createGround(): Ground {
  const folders: string[] = [];
  let redis: Promise<RedisServer> | undefined;
  let postgres: Promise<PostgresServer> | undefined;
  let count = 0;
  return {
    folder() {
      const folder = mkdtempSync(join(tmpdir(), 'vwmp-durability-'));
      folders.push(folder);
      return folder;
    },
    redis() {
      redis ??= startRedis();
      return redis;
    },
    postgres() {
      postgres ??= startPostgres({ config: { max_connections: '200' } });
      return postgres;
    },
    name: () => `place_${++count}`,
    async clear() {
      await Promise.all([redis, postgres].map(async (server) => (await server)?.stop()));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}
