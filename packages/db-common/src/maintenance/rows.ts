import { type JsonObject, type TableSize, VwmpError } from '@vwmp/core';
import { type SQLWrapper, sql } from 'drizzle-orm';
import { clause, countWhere, rowValue } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import type { QueryTables } from '../query/tables.ts';
import type { AnyTable } from '../schema/describe.ts';
import { type Tables, tables } from '../schema/tables.ts';

/** What moves from one database to another; the rest follows from it. */
export type MovedTable = Exclude<keyof Tables, 'tallies' | 'marks'>;

/** A row as it is moved: like a stored one, without what has a meaning in its own database only. */
export type MovedRow = Record<string, string | number | null>;

const moved: readonly MovedTable[] = (Object.keys(tables) as (keyof Tables)[]).filter(
  (key): key is MovedTable => key !== 'tallies' && key !== 'marks',
);

/** Columns that stay behind. */
const internal: Partial<Record<MovedTable, readonly string[]>> = { executions: ['n', 'listed'] };

/** The table of a name. @throws NOT_FOUND */
export function movedTable(name: string): MovedTable {
  const found = moved.find((key) => tables[key].name === name);
  if (found) return found;
  const names = moved.map((key) => tables[key].name).join(', ');
  throw new VwmpError('NOT_FOUND', `There is no table "${name}". These are there: ${names}.`, {
    retryable: false,
  });
}

/** The columns of a table that are moved. */
export function movedColumns(key: MovedTable): string[] {
  return Object.keys(tables[key].columns).filter((column) => !internal[key]?.includes(column));
}

function keyColumns(all: QueryTables, key: MovedTable): SQLWrapper[] {
  const { key: names }: AnyTable = tables[key];
  const columns = all[key] as unknown as Record<string, SQLWrapper>;
  return names.map((name) => columns[name]!);
}

/** How many rows each table has that is moved. */
export function* tableSizes({ tables: all }: Dialect): Steps<TableSize[]> {
  const sizes: TableSize[] = [];
  for (const key of moved) {
    const rows = yield* countWhere(all[key], undefined);
    sizes.push({ name: tables[key].name, rows });
  }
  return sizes;
}

/** Some rows of a table, in the order of its key. @param after - cursor of the rows before */
export function* exportRows(
  { tables: all }: Dialect,
  name: string,
  after: string | undefined,
  limit: number,
): Steps<{ rows: JsonObject[]; cursor?: string }> {
  const key = movedTable(name);
  const columns = keyColumns(all, key);
  const where = after === undefined ? undefined : sql`${rowValue(columns)} > ${rowValue(readCursor(after))}`;
  const order = sql.join(
    columns.map((column) => sql`${column}`),
    sql`, `,
  );
  const most = Math.max(Math.trunc(limit), 1);
  const found = yield* rowsOf<MovedRow>(
    sql`select * from ${all[key]} ${clause(where)} order by ${order} limit ${most + 1}`,
  );
  const rows = found.slice(0, most);
  const last = rows.at(-1);
  const names = movedColumns(key);
  return {
    rows: rows.map((row) => Object.fromEntries(names.map((column) => [column, row[column] ?? null]))),
    ...(found.length > most && { cursor: JSON.stringify(tables[key].key.map((column) => last![column])) }),
  };
}

function readCursor(after: string): unknown[] {
  const key: unknown = JSON.parse(after);
  if (Array.isArray(key)) return key;
  throw new TypeError(`"${after}" is no cursor of exported rows.`);
}

/** Rows that were given to be imported, when each of them is one of the table. @throws TypeError */
export function checkRows(key: MovedTable, rows: readonly JsonObject[]): MovedRow[] {
  const { name, columns }: AnyTable = tables[key];
  const names = movedColumns(key);
  return rows.map((row) => {
    const stranger = Object.keys(row).find((column) => !names.includes(column));
    if (stranger !== undefined) throw new TypeError(`A row of "${name}" has a column "${stranger}".`);
    const checked: MovedRow = {};
    for (const column of names) {
      const value = row[column] ?? null;
      const { kind, nullable } = columns[column]!;
      const wanted = kind === 'text' || kind === 'json' ? 'string' : 'number';
      if (value === null ? !nullable : typeof value !== wanted) {
        throw new TypeError(`A row of "${name}" has ${JSON.stringify(value)?.slice(0, 50)} as "${column}".`);
      }
      checked[column] = value as string | number | null;
    }
    return checked;
  });
}
