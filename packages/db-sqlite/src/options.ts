import type { Logger } from '@vwmp/core';
import type { SqliteDriver } from './driver/choose.ts';

export interface SqliteStorageOptions {
  /**
   * The database file, and exactly this one: no name has a special meaning. Missing folders are made. On a local disk: SQLite needs
   * locks and shared memory.
   */
  path: string;
  /**
   * What a loss of power may take. `normal`: the last moments, but never what was there before. `full`: nothing that
   * was confirmed, for one flush of the disk for each group of appends. The crash of a process takes nothing in either.
   *
   * @defaultValue `normal`
   */
  synchronous?: 'normal' | 'full';
  /**
   * So long a write waits for other processes that write to the same file, in milliseconds, before it fails with STORE_UNAVAILABLE.
   *
   * @defaultValue 30000
   */
  patience?: number;
  /**
   * What speaks to SQLite. `node:sqlite`: the SQLite of Node itself, from Node 22.16 on; nothing is installed for it. `better-sqlite3`: the package of
   * this name, which you install beside this one. All files that a process has open belong to one of them.
   *
   * @defaultValue `node:sqlite`; but `better-sqlite3` where it is installed and the SQLite of this Node is older than 3.51.3, in which processes
   * that share a file may damage it
   */
  driver?: SqliteDriver;
  /** Told of migrations, where the copy is that was made before, and of a SQLite that is too old. */
  logger?: Logger;
}
