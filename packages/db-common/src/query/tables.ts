import type { Column, SQLWrapper } from 'drizzle-orm';
import type { Table } from '../schema/describe.ts';
import type { Tables } from '../schema/tables.ts';

/** The tables of either database, as far as queries need them. */
export type QueryTables = {
  [K in keyof Tables]: Tables[K] extends Table<infer R> ? SQLWrapper & { [C in keyof R]: Column } : never;
};
