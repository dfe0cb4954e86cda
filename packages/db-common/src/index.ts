export type { Migration } from './migrations/migration.ts';
export { postgresMigrations } from './migrations/postgres.ts';
export { sqliteMigrations } from './migrations/sqlite.ts';
export type { AnyTable, Column, ColumnKind, Index, Table } from './schema/describe.ts';
export { type PostgresTable, type PostgresTables, postgresTables } from './schema/postgres.ts';
export { type SqliteTable, type SqliteTables, sqliteTables } from './schema/sqlite.ts';
export * from './schema/tables.ts';
