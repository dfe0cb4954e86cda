import { and, isNull, type SQL, sql } from 'drizzle-orm';
import { clause, rowValue } from '../query/count.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import type { QueryTables } from '../query/tables.ts';
import type { Cursor } from '../values/page.ts';
import type { SummaryRow } from './row.ts';

export type Executions = QueryTables['executions'];

/** Those that are not in the indexes of the lists yet. */
export function isFresh({ executions, marks }: QueryTables): SQL {
  const mark = sql`coalesce((select ${marks.value} from ${marks} where ${marks.name} = 'listed'), 0)`;
  return and(sql`${executions.n} > ${mark}`, isNull(executions.listed))!;
}

/** What a summary is read from. */
export function summaryColumnsOf(table: Executions): SQL {
  const { id, workflow_id, workflow_version, status, started_at } = table;
  const { completed_at, error_code, error_message } = table;
  return sql`${id}, ${workflow_id}, ${workflow_version}, ${status}, ${started_at}, ${completed_at}, ${error_code}, ${error_message}`;
}

/** The first entries in the order of the list, one more than `limit`. @param start - as the index has it */
export function* pageRows(
  table: Executions,
  start: Executions['listed'],
  where: SQL | undefined,
  limit: number,
): Steps<SummaryRow[]> {
  return yield* rowsOf<SummaryRow>(
    sql`select ${summaryColumnsOf(table)} from ${firstOf(table, start, where, limit)}`,
  );
}

/** Selects `start` and `id` of what {@link pageRows} gives. */
export function firstKeys(...[table, start, where, limit]: Parameters<typeof pageRows>): SQL {
  return sql`select ${start} as start, ${table.id} as id from ${firstOf(table, start, where, limit)}`;
}

function firstOf(...[table, start, where, limit]: Parameters<typeof pageRows>): SQL {
  return sql`${table} ${clause(where)} order by ${start} desc, ${table.id} desc limit ${limit + 1}`;
}

/** What comes after the page before. */
export function after(
  start: Executions['listed'],
  { id }: Executions,
  cursor: Cursor | undefined,
): SQL | undefined {
  return cursor && sql`${rowValue([start, id])} < ${rowValue(cursor)}`;
}

/** What a cursor holds. */
export function listKey({ started_at, id }: SummaryRow): Cursor {
  return [started_at, id];
}
