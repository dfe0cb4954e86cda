import { VwmpError } from '@vwmp/core';
import { translate } from '../connection/errors.ts';
import type { Place } from '../connection/open-file.ts';
import { openDatabase } from '../driver/open-database.ts';
import { node } from '../node.ts';

/** So many pages are copied before others get their turn: about a millisecond. */
const pages = 250;

/**
 * Copies a database into a new file, which is there as a whole or not at all. Whoever writes meanwhile neither waits nor is in it.
 *
 * @param place - of the database
 * @param target - absolute
 * @throws ALREADY_EXISTS, STORE_FULL, STORE_UNAVAILABLE
 */
export async function backupDatabase(
  { path, driver }: Pick<Place, 'path' | 'driver'>,
  target: string,
): Promise<void> {
  checkFree(target);
  // The driver trims names.
  const unfinished = node.path.join(
    node.path.dirname(target),
    `.vwmp-backup-${process.pid}-${Math.random().toString(36).slice(2)}`,
  );
  try {
    node.fs.statSync(node.path.dirname(target));
    const source = await openDatabase(path, { driver, existing: true });
    try {
      // As long as it reads one state, it need not begin again when somebody writes.
      source.exec('begin; select count(*) from sqlite_master');
      await source.backup(unfinished, pages);
    } finally {
      source.close();
    }
    publish(unfinished, target);
  } catch (error) {
    throw translate(error, target);
  } finally {
    node.fs.rmSync(unfinished, { force: true });
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
