import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  foreignKey,
  index,
  type PgColumn,
  type PgColumnBuilderBase,
  type PgTable,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AnyTable, Column } from './describe.ts';

type PostgresTable = PgTable & Record<string, PgColumn>;

/** Ordered as SQLite and JavaScript order it, by code points, whatever the locale of the database. */
const plainText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/**
 * Described tables as drizzle knows them for PostgreSQL, by name. Only migrations are made from them.
 *
 * They lie in the schema that `search_path` names first.
 */
export function postgresTables(tables: readonly AnyTable[]): Record<string, PostgresTable> {
  const built: Record<string, PostgresTable> = {};
  for (const table of tables) built[table.name] = buildTable(table, (name) => built[name]!);
  return built;
}

function buildTable(table: AnyTable, byName: (name: string) => PostgresTable): PostgresTable {
  const single = table.key.length === 1 ? table.key[0] : undefined;
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, column]) => [name, buildColumn(name, column, name === single)]),
  );
  return pgTable(table.name, columns, (own) => {
    const at = (names: readonly string[]): [PgColumn, ...PgColumn[]] =>
      names.map((name) => own[name]!) as unknown as [PgColumn, ...PgColumn[]];
    const indexes = Object.entries(table.indexes ?? {}).map(([name, { on, unique, where }]) => {
      const full = `${table.name}_${name}`;
      const made = (unique ? uniqueIndex(full) : index(full)).on(...at(on));
      return where === undefined ? made : made.where(sql.raw(where));
    });
    const { parent } = table;
    return [
      ...(single === undefined ? [primaryKey({ columns: at(table.key) })] : []),
      ...indexes,
      ...(parent
        ? [
            foreignKey({
              columns: [own[parent.column]!],
              foreignColumns: [byName(parent.table)[parent.key]!],
            }).onDelete('cascade'),
          ]
        : []),
    ];
  }) as unknown as PostgresTable;
}

function buildColumn(name: string, { kind, nullable }: Column, isKey: boolean): PgColumnBuilderBase {
  if (kind === 'serial') {
    const column = bigint(name, { mode: 'number' }).generatedByDefaultAsIdentity();
    return isKey ? column.primaryKey() : column;
  }
  const column =
    kind === 'text' ? plainText(name) : kind === 'json' ? text(name) : bigint(name, { mode: 'number' });
  if (isKey) return column.primaryKey();
  return nullable ? column : column.notNull();
}
