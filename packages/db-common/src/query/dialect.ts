import type { SQL } from 'drizzle-orm';
import type { QueryTables } from './tables.ts';

/** What differs between the databases. */
export interface Dialect {
  tables: QueryTables;
  /** Whether the newest executions wait for the indexes of the lists: see the column `listed`. */
  defers: boolean;
  /** Whether the database counts a `serial` that is only a part of the key. */
  counts: boolean;
  /** So many entries one query looks at when there are many: nothing else goes on meanwhile, or it is one more question. */
  piece: number;
  /** Ends a select of rows that nobody else may change until the end of the transaction. */
  lock: SQL;
  /** Whether the first of those with a word come without all of them being gathered. */
  streams: boolean;
  /** Selects the `n` of executions whose error has all of these words. */
  withWords(words: readonly string[]): SQL;
}
