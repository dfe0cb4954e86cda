import { resolve } from 'node:path';
import { type Maintenance, type TableSize, VwmpError } from '@vwmp/core';
import {
  createImporting,
  exportRows,
  findContradictions,
  pendingMigrations,
  postgresMigrations,
  tableSizes,
  unfinishedCopy,
} from 'db-common';
import { placeOf } from '../connection/errors.ts';
import type { Settings } from '../connection/settings.ts';
import { postgresDialect } from '../dialect.ts';
import { appliedMigrations, migrate } from '../migrate.ts';
import type { PostgresStorageOptions, Resolved } from '../options.ts';
import { createSession, type Session } from '../session.ts';
import { compact } from './compact.ts';
import { importRows } from './import-rows.ts';

/** @param current - the session of a storage that is open */
export function createMaintenance(
  settings: Settings,
  options: Resolved<PostgresStorageOptions>,
  current: () => Session | undefined,
): Maintenance {
  const where = placeOf(settings);
  const { schema, timeout } = options;

  /** Works on connections of its own when the storage is not open. */
  const connected = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const open = current();
    if (open) return await open.guard(work);
    const session = createSession(settings, { ...options, poolSize: 1 });
    try {
      return await session.guard(work);
    } finally {
      await session.pool.close();
    }
  };

  const importing = createImporting();
  const readApplied: typeof appliedMigrations = async (...given) =>
    importing.visible(await appliedMigrations(...given));
  const applied = ({ pool }: Session): Promise<string[]> =>
    pool.use((connection) => readApplied(connection, schema, timeout));
  /** Carries out a statement with the mark of half a copy. */
  const change = (text: string): Promise<unknown> =>
    connected(({ pool }) => pool.run([{ text, values: [unfinishedCopy] }]));

  const migrated = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    connected(async (session) => {
      if (session === current()) return await work(session);
      const pending = pendingMigrations(postgresMigrations, await applied(session), where);
      if (pending.length === 0) return await work(session);
      const message = `The ${where} does not have the tables of this version. Migrate it first (vwmp db migrate).`;
      throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
    });

  const migrateIt = (): Promise<string[]> =>
    connected(({ pool }) =>
      pool.use((connection) =>
        migrate(connection, { schema, timeout, where }, postgresMigrations, readApplied),
      ),
    );
  const tables = (): Promise<TableSize[]> =>
    migrated(({ runner }) => runner.read(() => tableSizes(postgresDialect)));

  return {
    migrate: migrateIt,
    status: () =>
      connected(async (session) => {
        const ids = await applied(session);
        const pending = pendingMigrations(postgresMigrations, ids, where);
        return { applied: ids, pending: pending.map(({ id }) => id) };
      }),
    backup: (path) =>
      migrated(async () => {
        // It needs what starts processes, and hardly anybody needs it.
        const { backupDatabase } = await import('./backup.ts');
        await backupDatabase(settings, schema, resolve(path));
      }),
    compact: () => migrated(({ pool }) => compact(pool)),
    check: () => migrated(({ runner }) => runner.read(() => findContradictions(postgresDialect))),
    tables,
    importing: (step) =>
      importing.step(step, {
        migrate: migrateIt,
        tables,
        mark: () => change('insert into migrations (id, applied_at) values ($1, 0) on conflict do nothing'),
        unmark: () => change('delete from migrations where id = $1'),
      }),
    exportRows: (table, after, limit) =>
      migrated(({ runner }) => runner.read(() => exportRows(postgresDialect, table, after, limit))),
    importRows: (table, rows) => migrated(({ pool }) => importRows(pool, table, rows)),
  };
}
