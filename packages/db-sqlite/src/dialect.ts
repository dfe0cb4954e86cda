import { type Dialect, queryTables, sql } from 'db-common';

/** What is special about SQLite, for what both databases share. */
export const sqliteDialect: Dialect = {
  tables: queryTables,
  defers: true,
  counts: false,
  // About 4 ms.
  piece: 2000,
  // A transaction that writes has the whole database.
  lock: sql``,
  streams: true,
  withWords(words) {
    const match = words.map((word) => `"${word}"`).join(' AND ');
    return sql`select rowid as n from errors where errors match ${match}`;
  },
};
