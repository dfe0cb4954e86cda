import { type Logger, VwmpError } from '@vwmp/core';
import type { SqliteDriver } from '../driver/choose.ts';
import type { Database } from '../driver/driver.ts';
import { isInUse } from '../driver/in-use.ts';
import { openDatabase } from '../driver/open-database.ts';
import { node } from '../node.ts';
import { retryBusy } from './busy.ts';
import { type Connection, createConnection } from './connection.ts';
import { translate } from './errors.ts';
import { makeFolder } from './make-folder.ts';

/** Where the database is and how it is used. */
export interface Place {
  /** Absolute. */
  path: string;
  synchronous: 'normal' | 'full';
  /** In milliseconds. */
  patience: number;
  logger?: Logger;
  /** Undefined: the one that suits this Node best. */
  driver?: SqliteDriver;
}

/** Marks a file as ours: "VWMP". */
const applicationId = 0x56574d50;

/**
 * The log may have so many pages before they go into the database, which stops the process for 5 to 10 ms for each thousand. With SQLite's
 * own 1000, a single writer writes what changes often more often: an append took 66 µs, and 51 with 4000.
 */
const checkpointPages = 2000;

/**
 * Opens the database of a place; it is made when it is missing. Leaves its tables alone.
 *
 * @throws STORE_UNAVAILABLE, STORE_FULL
 */
export async function openFile({ path, synchronous, patience, driver, logger }: Place): Promise<Connection> {
  let database: Database | undefined;
  try {
    makeFolder(node.path.dirname(path));
    checkLog(path);
    const opened = await openDatabase(path, { driver, logger });
    database = opened;
    await retryBusy(() => prepare(opened, path, synchronous), patience);
    return createConnection(opened);
  } catch (error) {
    database?.close();
    throw translate(error, path);
  }
}

/** True when there is a file in which something is. */
export function hasFile(path: string): boolean {
  return (node.fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * A database that was restored over one that did not end well lies beside the log of that one: SQLite would read both as one, and
 * damage it. A backup is known by its mark that it has no log, which goes when it is opened (https://www.sqlite.org/fileformat2.html, 1.3.3).
 *
 * @throws STORE_UNAVAILABLE
 */
export function checkLog(path: string): void {
  // Closing a descriptor takes the locks of the process with it, and others take its log for one that nobody uses.
  if (!hasFile(`${path}-wal`) || !hasFile(path) || isInUse(path)) return;
  const version = Buffer.alloc(1);
  const file = node.fs.openSync(path, 'r');
  try {
    node.fs.readSync(file, version, 0, 1, 18);
  } finally {
    node.fs.closeSync(file);
  }
  if (version[0] !== 1) return;
  const message =
    `The database at ${path} is a backup, and ${path}-wal is of the one that was there before. ` +
    `End what still works on that one, remove ${path}-wal and ${path}-shm, and start again; nothing was changed.`;
  throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false, details: { path } });
}

function prepare(database: Database, path: string, synchronous: 'normal' | 'full'): void {
  const pragma = (text: string): unknown => database.pragma(text, { simple: true });
  // In this order: whoever makes it at the same time marks it before there is a table.
  const empty = database.prepare('select count(*) from sqlite_master').pluck().get() === 0;
  const owner = pragma('application_id');
  if (owner !== applicationId) {
    if (!empty || owner !== 0) throw stranger(path);
    // Only before there are tables. Free pages can then be given back bit by bit.
    pragma('auto_vacuum = incremental');
    pragma('journal_mode = wal');
    pragma(`application_id = ${applicationId}`);
  }
  pragma('journal_mode = wal');
  pragma(`synchronous = ${synchronous}`);
  pragma('foreign_keys = on');
  pragma('temp_store = memory');
  pragma('cache_size = -8000');
  pragma(`wal_autocheckpoint = ${checkpointPages}`);
  pragma(`journal_size_limit = ${checkpointPages * 4096}`);
}

function stranger(path: string): VwmpError {
  const message =
    `The file ${path} is a SQLite database of another program. ` +
    'Choose another path; nothing in it was changed.';
  return new VwmpError('STORE_UNAVAILABLE', message, { retryable: false, details: { path } });
}
