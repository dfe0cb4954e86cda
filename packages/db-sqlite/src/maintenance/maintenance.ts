import { type Maintenance, type TableSize, VwmpError } from '@vwmp/core';
import {
  createImporting,
  exportRows,
  pendingMigrations,
  sqliteMigrations,
  tableSizes,
  unfinishedCopy,
} from 'db-common';
import { retryBusy } from '../connection/busy.ts';
import type { Connection } from '../connection/connection.ts';
import { translate } from '../connection/errors.ts';
import { hasFile, openFile, type Place } from '../connection/open-file.ts';
import { releasePages } from '../connection/release-pages.ts';
import { sqliteDialect } from '../dialect.ts';
import { appliedMigrations, migrate } from '../migrate.ts';
import { node } from '../node.ts';
import { createSession, type Session } from '../session.ts';
import { backupDatabase } from './backup.ts';
import { checkDatabase } from './check.ts';
import { importRows } from './import-rows.ts';

/** @param current - the session of a storage that is open */
export function createMaintenance(place: Place, current: () => Session | undefined): Maintenance {
  /** Works on a connection of its own, as the storage need not be open. */
  const connected = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await openFile(place);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  };

  const where = `database ${place.path}`;
  const importing = createImporting();
  const applied = (connection: Connection): string[] => importing.visible(appliedMigrations(connection));
  /** Carries out a statement with the mark of half a copy. */
  const change = (sql: string): Promise<void> =>
    connected(async (connection) => {
      try {
        await retryBusy(() => connection.database.prepare(sql).run(unfinishedCopy), place.patience);
      } catch (error) {
        throw translate(error, place.path);
      }
    });

  const inSession = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const open = current();
    if (open) return await work(open);
    // Asking makes no file.
    if (!hasFile(place.path)) throw unmigrated(place.path);
    return await connected(async (connection) => {
      if (pendingMigrations(sqliteMigrations, applied(connection), where).length > 0)
        throw unmigrated(place.path);
      return await work(createSession(connection, place));
    });
  };

  const migrateIt = (): Promise<string[]> =>
    connected((connection) => migrate(connection, place, sqliteMigrations, applied));
  const tables = (): Promise<TableSize[]> =>
    inSession(({ runner }) => runner.read(() => tableSizes(sqliteDialect)));

  return {
    migrate: migrateIt,
    async status() {
      const ids = hasFile(place.path) ? await connected(async (connection) => applied(connection)) : [];
      const pending = pendingMigrations(sqliteMigrations, ids, where);
      return { applied: ids, pending: pending.map(({ id }) => id) };
    },
    backup: (path) => backupDatabase(place, node.path.resolve(path)),
    compact: () =>
      inSession(async ({ connection, toFit }) => {
        const bytes = await releasePages(connection, toFit(), 0);
        // Into the database file, so that both are as small as they can be; what others are reading is left to them.
        connection.database.pragma('wal_checkpoint(truncate)');
        return bytes;
      }),
    check: () => inSession(checkDatabase),
    tables,
    importing: (step) =>
      importing.step(step, {
        migrate: migrateIt,
        tables,
        mark: () => change('insert or ignore into migrations (id, applied_at) values (?, 0)'),
        unmark: () => change('delete from migrations where id = ?'),
      }),
    exportRows: (table, after, limit) =>
      inSession(({ runner }) => runner.read(() => exportRows(sqliteDialect, table, after, limit))),
    importRows: (table, rows) => inSession((session) => importRows(session, table, rows)),
  };
}

function unmigrated(path: string): VwmpError {
  const message = `The database at ${path} does not have the tables of this version. Migrate it first (vwmp db migrate).`;
  return new VwmpError('STORE_UNAVAILABLE', message, { retryable: false, details: { path } });
}
