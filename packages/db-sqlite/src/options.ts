import type { Logger } from '@vwmp/core';

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
  /** Told of migrations, and where the copy is that was made before. */
  logger?: Logger;
}
