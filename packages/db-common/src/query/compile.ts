import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';

/** A query as a driver takes it. */
export interface CompiledQuery {
  text: string;
  params: unknown[];
}

/** Makes what writes queries for SQLite. */
export function createSqliteCompiler(): (query: SQL) => CompiledQuery {
  const dialect = new SQLiteSyncDialect();
  return (query) => {
    const { sql: text, params } = dialect.sqlToQuery(query);
    return { text, params };
  };
}

/** Makes what writes queries for PostgreSQL. */
export function createPostgresCompiler(): (query: SQL) => CompiledQuery {
  const dialect = new PgDialect();
  return (query) => {
    const { sql: text, params } = dialect.sqlToQuery(query);
    return { text, params };
  };
}
