import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api';
import type { AnyTable } from '../src/schema/describe.ts';
import { postgresTables } from '../src/schema/postgres.ts';
import { searchSchema } from '../src/schema/search.ts';
import { sqliteTables } from '../src/schema/sqlite.ts';
import { tableList } from '../src/schema/tables.ts';

export type Database = 'sqlite' | 'postgres';

export interface Pending {
  statements: string[];
  /** Of the tables as they are then. */
  snapshot: unknown;
}

/**
 * What leads from a snapshot to the described tables.
 *
 * @param snapshot - undefined for an empty database
 */
export async function pendingStatements(
  database: Database,
  snapshot: unknown,
  tables: readonly AnyTable[] = tableList,
): Promise<Pending> {
  const pending = await (database === 'sqlite' ? sqlite(snapshot, tables) : postgres(snapshot, tables));
  if (snapshot === undefined && tables === tableList) pending.statements.push(...searchSchema[database]);
  return pending;
}

async function sqlite(snapshot: unknown, tables: readonly AnyTable[]): Promise<Pending> {
  type Snapshot = Parameters<typeof generateSQLiteMigration>[0];
  const before = (snapshot as Snapshot | undefined) ?? (await generateSQLiteDrizzleJson({}));
  const next = await generateSQLiteDrizzleJson(sqliteTables(tables), before.id);
  const statements = (await generateSQLiteMigration(before, next)).map((statement) =>
    withoutRowid(statement, tables),
  );
  return { statements, snapshot: next };
}

async function postgres(snapshot: unknown, tables: readonly AnyTable[]): Promise<Pending> {
  type Snapshot = Parameters<typeof generateMigration>[0];
  const before = (snapshot as Snapshot | undefined) ?? generateDrizzleJson({});
  const next = generateDrizzleJson(postgresTables(tables), before.id);
  const statements = await generateMigration(before, next);
  // The tables lie where `search_path` says.
  return {
    statements: statements.map((statement) => statement.trim().replaceAll('"public".', '')),
    snapshot: next,
  };
}

/** Drizzle has no word for it. A table that it rebuilds is called `__new_…` at first. */
function withoutRowid(statement: string, tables: readonly AnyTable[]): string {
  const text = statement.trim();
  const [, name] = /^CREATE TABLE `(?:__new_)?(\w+)`/.exec(text) ?? [];
  const clustered = tables.some((table) => table.name === name && table.clustered);
  return clustered ? text.replace(/\);?$/, ') WITHOUT ROWID;') : text;
}
