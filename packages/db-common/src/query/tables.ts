import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { AnyTable, Table } from '../schema/describe.ts';
import { type Tables, tables } from '../schema/tables.ts';

/** A table and its columns, as far as queries need them. */
export type QueryTable<R extends object> = SQLWrapper & { [C in keyof R]: SQLWrapper };

export type QueryTables = {
  [K in keyof Tables]: Tables[K] extends Table<infer R> ? QueryTable<R> : never;
};

/** A name in queries. Drizzle's form of it is made when it is asked for: most processes never ask for most of them. */
class Name implements SQLWrapper {
  readonly #text: string;
  #sql: SQL | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  getSQL(): SQL {
    this.#sql ??= sql.raw(this.#text);
    return this.#sql;
  }

  shouldOmitSQLParens(): boolean {
    return true;
  }
}

/**
 * The tables for queries, in the words of either database. Drizzle's own tables would do as well, but queries need nothing of them
 * than names, and loading what makes them takes 4 MB.
 */
export const queryTables: QueryTables = Object.fromEntries(
  Object.entries<AnyTable>({ ...tables }).map(([key, { name, columns }]) => {
    const table: SQLWrapper = new Name(`"${name}"`);
    const names = Object.keys(columns).map((each) => [each, new Name(`"${name}"."${each}"`)] as const);
    return [key, Object.assign(table, Object.fromEntries(names))];
  }),
) as unknown as QueryTables;
