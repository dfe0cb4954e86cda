import { VwmpError } from '@vwmp/core';
import { translate } from '../connection/errors.ts';
import { checkLog, type Place } from '../connection/open-file.ts';
import type { Database } from '../driver/driver.ts';
import { openDatabase } from '../driver/open-database.ts';
import { node } from '../node.ts';

/** So many pages are copied before others get their turn: about a millisecond. */
const pages = 250;

type Source = Pick<Place, 'path' | 'driver'>;

/**
 * Copies a database into a new file, which is there as a whole or not at all, and which nobody may read who may not read the database.
 * Whoever writes meanwhile neither waits nor is in it.
 *
 * @param place - of the database
 * @param target - absolute
 * @throws ALREADY_EXISTS, STORE_FULL, STORE_UNAVAILABLE
 */
export async function backupDatabase(place: Source, target: string): Promise<void> {
  checkFree(target);
  // The driver trims names.
  const unfinished = node.path.join(
    node.path.dirname(target),
    `.vwmp-backup-${process.pid}-${Math.random().toString(36).slice(2)}`,
  );
  try {
    node.fs.statSync(node.path.dirname(target));
    const source = await openSource(place);
    try {
      // Whoever may not read the database may not read its copy, not even while it is made.
      node.fs.writeFileSync(unfinished, '', { mode: 0o600, flag: 'wx' });
      const { mode, gid } = node.fs.statSync(place.path);
      const ofGroup = node.fs.statSync(unfinished).gid === gid ? 0o070 : 0;
      node.fs.chmodSync(unfinished, (mode & (0o707 | ofGroup)) | 0o600);
      await source.backup(unfinished, pages);
    } finally {
      source.close();
    }
    await endLog(unfinished, place);
    publish(unfinished, target);
  } catch (error) {
    throw translate(error, target, unfinished);
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm'])
      node.fs.rmSync(`${unfinished}${suffix}`, { force: true });
  }
}

async function openSource({ path, driver }: Source): Promise<Database> {
  let source: Database | undefined;
  try {
    checkLog(path);
    source = await openDatabase(path, { driver, existing: true });
    // As long as it reads one state, it need not begin again when somebody writes.
    source.exec('begin; select count(*) from sqlite_master');
    return source;
  } catch (error) {
    source?.close();
    throw translate(error, path);
  }
}

/** Its pages say that a log goes with them. A backup has none, and says so: {@link checkLog} sees then that one beside it is of another database. */
async function endLog(file: string, { driver }: Source): Promise<void> {
  const database = await openDatabase(file, { driver, existing: true });
  try {
    database.pragma('journal_mode = delete');
  } finally {
    database.close();
  }
}

/** Gives a finished file its name, unless something has got it meanwhile. */
function publish(unfinished: string, target: string): void {
  try {
    node.fs.linkSync(unfinished, target);
  } catch {
    // Something is there, or the file system has no links.
    checkFree(target);
    node.fs.renameSync(unfinished, target);
  }
}

function checkFree(target: string): void {
  if (node.fs.statSync(target, { throwIfNoEntry: false }) === undefined) return;
  const message = `There is something at ${target} already. Choose another path for the backup.`;
  throw new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { path: target } });
}
