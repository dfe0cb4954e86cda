import type { Database } from 'better-sqlite3';
import { type NeutralSchema, type NeutralTable, plainCondition } from './neutral-schema.ts';

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
  pk: number;
}

/** The schema of a SQLite database, as SQLite tells it; without what is its own, and without the search. */
export function readSqliteSchema(database: Database): NeutralSchema {
  const names = database
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'errors%' and name <> 'migrations'",
    )
    .pluck()
    .all() as string[];
  return Object.fromEntries(names.map((name) => [name, readTable(database, name)]));
}

function readTable(database: Database, name: string): NeutralTable {
  const columns = database.pragma(`table_info("${name}")`) as ColumnInfo[];
  const keyed = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const references = database.pragma(`foreign_key_list("${name}")`) as {
    from: string;
    table: string;
    to: string;
  }[];
  return {
    columns: Object.fromEntries(
      columns.map(({ name: column, type, notnull, pk }) => [
        column,
        { type: type.toLowerCase() === 'text' ? 'text' : 'integer', nullable: notnull === 0 && pk === 0 },
      ]),
    ),
    key: keyed.map((column) => column.name),
    indexes: readIndexes(database, name),
    references: references.map(({ from, table, to }) => `${from} -> ${table}.${to}`),
  };
}

function readIndexes(database: Database, table: string): NeutralTable['indexes'] {
  const all = database.pragma(`index_list("${table}")`) as { name: string; unique: number; origin: string }[];
  const made = all.filter(({ origin }) => origin === 'c');
  return Object.fromEntries(
    made.map(({ name, unique }) => {
      const parts = database.pragma(`index_info("${name}")`) as { name: string }[];
      const text = database
        .prepare('select sql from sqlite_master where name = ?')
        .pluck()
        .get(name) as string;
      const where = / where (.*)$/is.exec(text)?.[1];
      return [
        name,
        {
          on: parts.map((part) => part.name),
          unique: unique === 1,
          ...(where !== undefined && { where: plainCondition(where) }),
        },
      ];
    }),
  );
}
