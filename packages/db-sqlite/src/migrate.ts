import { hasCode } from '@vwmp/core';
import { type Migration, migrationFailed, pendingMigrations, sqliteMigrations } from 'db-common';
import { retryBusy } from './connection/busy.ts';
import type { Connection } from './connection/connection.ts';
import { isBusy, translate } from './connection/errors.ts';
import type { Place } from './connection/open-file.ts';
import { backupDatabase } from './maintenance/backup.ts';
import { node } from './node.ts';

/** Ids of the migrations that were carried out, oldest first. */
export function appliedMigrations({ database }: Connection): string[] {
  const there = database.prepare("select 1 from sqlite_master where name = 'migrations'").get();
  return there ? (database.prepare('select id from migrations order by id').pluck().all() as string[]) : [];
}

/**
 * Carries out the migrations that are to come, all or nothing, and by one of those that try at the same time. A database that has
 * tables is copied beside before.
 *
 * @param known - all that there are
 * @param applied - reads the ids of those that were carried out
 * @returns their ids
 * @throws MIGRATION_FAILED, STORE_FULL, STORE_UNAVAILABLE
 */
export async function migrate(
  connection: Connection,
  place: Place,
  known: readonly Migration[] = sqliteMigrations,
  applied: (connection: Connection) => string[] = appliedMigrations,
): Promise<string[]> {
  const { database } = connection;
  const where = `database ${place.path}`;
  const pending = (): readonly Migration[] => pendingMigrations(known, applied(connection), where);

  const attempt = (): string[] => {
    database.exec('begin exclusive');
    let current = '';
    try {
      database.exec(
        'create table if not exists migrations (id text primary key not null, applied_at integer not null) without rowid',
      );
      const migrations = pending();
      for (const { id, sql } of migrations) {
        current = id;
        database.exec(sql);
        database.prepare('insert into migrations (id, applied_at) values (?, ?)').run(id, Date.now());
      }
      checkReferences(connection);
      database.exec('commit');
      return migrations.map(({ id }) => id);
    } catch (error) {
      database.rollback();
      const told = translate(error, place.path);
      throw isBusy(error) || told !== error || current === ''
        ? error
        : migrationFailed(current, where, error);
    }
  };

  const began = Date.now();
  let again: string | undefined;
  try {
    const [first] = await retryBusy(pending, place.patience);
    if (!first) return [];
    if (appliedMigrations(connection).length > 0) again = await backupBeside(place, first.id, began);
    // A table is rebuilt by making a new one and dropping the old one, which would take what refers to it along.
    database.pragma('foreign_keys = off');
    const migrations = await retryBusy(attempt, place.patience);
    if (migrations.length > 0)
      place.logger?.log('info', 'Migrated the database.', { path: place.path, migrations });
    return migrations;
  } catch (error) {
    // The first copy is there still.
    if (again !== undefined) node.fs.rmSync(again, { force: true });
    throw translate(error, place.path);
  } finally {
    database.pragma('foreign_keys = on');
  }
}

/**
 * Of several that are about to migrate the first one copies it. Who went back to the version before and upgrades anew has a copy already,
 * without what was recorded since: that one stays, and there is a second one, made anew each time. A process that is killed while it
 * migrates and starts again and again must not fill the disk with copies.
 *
 * @param began - in milliseconds since 1970
 * @returns the copy, if it is not the first one for this migration
 */
async function backupBeside(place: Place, migration: string, began: number): Promise<string | undefined> {
  const { path, logger, driver } = place;
  const first = `${path}-before-${migration}`;
  const second = `${first}-2`;
  const changed = Math.max(writtenAt(path), writtenAt(`${path}-wal`));
  if ([first, second].some((copy) => writtenAt(copy) >= Math.min(began, changed))) return undefined;
  const backup = writtenAt(first) === 0 ? first : second;
  if (backup === second) node.fs.rmSync(second, { force: true });
  try {
    await backupDatabase({ path, driver }, backup);
    logger?.log('info', 'Copied the database before its migration.', { path, backup });
    return backup === first ? undefined : backup;
  } catch (error) {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
    return undefined;
  }
}

/** @returns milliseconds since 1970; 0 for what is not there or empty */
function writtenAt(path: string): number {
  const file = node.fs.statSync(path, { throwIfNoEntry: false });
  return file && file.size > 0 ? file.mtimeMs : 0;
}

function checkReferences({ database }: Connection): void {
  const broken = database.pragma('foreign_key_check') as { table: string }[];
  if (broken[0]) throw new Error(`rows of the table "${broken[0].table}" refer to nothing`);
}
