import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { AnyTable, Table } from '../schema/describe.ts';
import { type Tables, tables } from '../schema/tables.ts';

/** A table and its columns, as far as queries need them. */
export type QueryTable<R extends object> = SQLWrapper & { [C in keyof R]: SQLWrapper };

export type QueryTables = {
  [K in keyof Tables]: Tables[K] extends Table<infer R> ? QueryTable<R> : never;
};

/**
 * The tables for queries, in the words of either database. Drizzle's own tables would do as well, but queries need nothing of them
 * than names, and loading what makes them takes 4 MB.
 */
export const queryTables: QueryTables = Object.fromEntries(
  Object.entries<AnyTable>({ ...tables }).map(([key, { name, columns }]) => {
    const column = (each: string): [string, SQL] => [each, sql.raw(`"${name}"."${each}"`)];
    const table = { getSQL: () => sql.raw(`"${name}"`), shouldOmitSQLParens: () => true };
    return [key, { ...Object.fromEntries(Object.keys(columns).map(column)), ...table }];
  }),
) as unknown as QueryTables;
