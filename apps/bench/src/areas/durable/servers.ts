import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';

/** What a scenario works with; all of it is gone in the end. */
export interface Servers {
  postgres(): Promise<PostgresServer>;
  redis(): Promise<RedisServer>;
  /** An empty folder. */
  folder(): string;
}

/** Starts servers of its own when they are asked for, with their usual settings: durable, on this machine's disk. */
export async function withServers<T>(use: (servers: Servers) => Promise<T>): Promise<T> {
  let postgres: Promise<PostgresServer> | undefined;
  let redis: Promise<RedisServer> | undefined;
  const folders: string[] = [];
  try {
    return await use({
      postgres: () => (postgres ??= startPostgres({ config: { fsync: 'on' } })),
      redis: () => (redis ??= startRedis()),
      folder() {
        const folder = mkdtempSync(join(tmpdir(), 'vwmp-bench-data-'));
        folders.push(folder);
        return folder;
      },
    });
  } finally {
    await Promise.all([postgres?.then((server) => server.stop()), redis?.then((server) => server.stop())]);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}
