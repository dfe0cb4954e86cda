import { type Dialect, queryTables, sql } from 'db-common';

/** What is special about PostgreSQL, for what both databases share. */
export const postgresDialect: Dialect = {
  tables: queryTables,
  defers: false,
  counts: true,
  piece: 50_000,
  lock: sql`for update`,
  streams: false,
  withWords(words) {
    const each = words.map((word) => sql`${word}`);
    return sql`select n from executions where error_words is not null and string_to_array(error_words, ' ') @> array[${sql.join(each, sql`, `)}]::text[]`;
  },
};
