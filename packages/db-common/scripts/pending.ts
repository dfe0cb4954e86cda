import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api';
import { postgresTables } from '../src/schema/postgres.ts';
import { searchSchema } from '../src/schema/search.ts';
import { sqliteTables } from '../src/schema/sqlite.ts';
import { tableList } from '../src/schema/tables.ts';

export type Database = 'sqlite' | 'postgres';

/**
 * What leads from a snapshot to the tables of the source.
 *
 * @param snapshot - undefined for an empty database
 */
export async function pendingStatements(
  database: Database,
  snapshot: unknown,
): Promise<{ statements: string[]; snapshot: unknown }> {
  const { statements, next } = await (database === 'sqlite' ? sqlite(snapshot) : postgres(snapshot));
  if (snapshot === undefined) statements.push(...searchSchema[database]);
  return { statements, snapshot: next };
}

async function sqlite(snapshot: unknown): Promise<{ statements: string[]; next: unknown }> {
  type Snapshot = Parameters<typeof generateSQLiteMigration>[0];
  const before = (snapshot as Snapshot | undefined) ?? (await generateSQLiteDrizzleJson({}));
  const next = await generateSQLiteDrizzleJson({ ...sqliteTables }, before.id);
  const statements = (await generateSQLiteMigration(before, next)).map(withoutRowid);
  return { statements, next };
}

async function postgres(snapshot: unknown): Promise<{ statements: string[]; next: unknown }> {
  type Snapshot = Parameters<typeof generateMigration>[0];
  const before = (snapshot as Snapshot | undefined) ?? generateDrizzleJson({});
  const next = generateDrizzleJson({ ...postgresTables }, before.id);
  const statements = await generateMigration(before, next);
  // The tables lie where `search_path` says.
  return { statements: statements.map((statement) => statement.trim().replaceAll('"public".', '')), next };
}

/** Drizzle has no word for it. A table that it rebuilds is called `__new_…` at first. */
function withoutRowid(statement: string): string {
  const text = statement.trim();
  const [, name] = /^CREATE TABLE `(?:__new_)?(\w+)`/.exec(text) ?? [];
  const clustered = tableList.some((table) => table.name === name && table.clustered);
  return clustered ? text.replace(/\);?$/, ') WITHOUT ROWID;') : text;
}
