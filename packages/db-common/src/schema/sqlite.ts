import { sql } from 'drizzle-orm';
import {
  foreignKey,
  index,
  integer,
  primaryKey,
  type SQLiteColumn,
  type SQLiteColumnBuilderBase,
  type SQLiteTable,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { AnyTable, Column } from './describe.ts';

type SqliteTable = SQLiteTable & Record<string, SQLiteColumn>;

/**
 * Described tables as drizzle knows them for SQLite, by name. Only migrations are made from them.
 *
 * Their being `WITHOUT ROWID` is added to the migrations: drizzle does not know it.
 */
export function sqliteTables(tables: readonly AnyTable[]): Record<string, SqliteTable> {
  const built: Record<string, SqliteTable> = {};
  for (const table of tables) built[table.name] = buildTable(table, (name) => built[name]!);
  return built;
}

function buildTable(table: AnyTable, byName: (name: string) => SqliteTable): SqliteTable {
  const single = table.key.length === 1 ? table.key[0] : undefined;
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, column]) => [name, buildColumn(name, column, name === single)]),
  );
  return sqliteTable(table.name, columns, (own) => {
    const at = (names: readonly string[]): [SQLiteColumn, ...SQLiteColumn[]] =>
      names.map((name) => own[name]!) as unknown as [SQLiteColumn, ...SQLiteColumn[]];
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
  }) as unknown as SqliteTable;
}

/** A serial that is the whole key is the rowid, which counts by itself. */
function buildColumn(name: string, { kind, nullable }: Column, isKey: boolean): SQLiteColumnBuilderBase {
  const column = kind === 'text' || kind === 'json' ? text(name) : integer(name);
  if (isKey) return column.primaryKey();
  return nullable ? column : column.notNull();
}
