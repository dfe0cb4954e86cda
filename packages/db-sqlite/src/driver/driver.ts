/** A row by the names of its columns, or the first column of it after `pluck`. */
export type Row = unknown;

/** A statement that is prepared. Values are for its places in their order, or an object for those that have names. */
export interface Statement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  run(...values: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  /** @returns the first row, or undefined */
  get(...values: readonly unknown[]): Row | undefined;
  all(...values: readonly unknown[]): Row[];
  /** From now on it gives the first column instead of rows. @returns itself */
  pluck(): Statement;
}

/** An open database. What SQLite refuses is thrown as each driver does: `sqliteCode` reads it. */
export interface Database {
  prepare(text: string): Statement;
  /** Runs statements whose rows nobody wants. */
  exec(text: string): void;
  /** @returns its rows, or with `simple` the first column of the first one */
  pragma(text: string, options?: { simple?: boolean }): unknown;
  /** Undoes the transaction that is open, if there is one: SQLite has ended some by itself. */
  rollback(): void;
  /** Copies it into a new file, so many pages at a time; others get their turn in between. */
  backup(target: string, pages: number): Promise<void>;
  /** Nothing happens when it is closed. */
  close(): void;
}

/** Opens a file with one driver. @param existing - it is not made when it is missing */
export type Open = (path: string, existing: boolean) => Database;

/**
 * SQLite itself waits so long for a lock, in milliseconds, and the process with it; longer than this waits `retryBusy`, while
 * others go on.
 */
export const busyTimeout = 5;
