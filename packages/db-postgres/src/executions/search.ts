import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import {
  folded,
  fromText,
  pageLimit,
  pageOf,
  readCursor,
  type SummaryRow,
  summaryOf,
  toText,
  toTime,
  wordsOf,
} from 'db-common';
import type { Answer } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { planned } from '../runner.ts';
import { Sql } from '../sql.ts';

/**
 * Lists executions whose id or workflow begins with `q`, or whose error has all of its words. What both databases share goes
 * through a list in many small queries, so that nobody waits for SQLite; here each of them would begin with all matches anew (48 s
 * among a million executions, of which 100,000 match, instead of 0.2 s), and a large query is in nobody's way.
 *
 * Indexes, as the planner sees fit: `id`, `folded`, `workflow`, `errors`, or that of the order, `listed`.
 */
export async function searchExecutions(
  pool: Pool,
  query: ExecutionQuery & { q: string },
): Promise<Page<ExecutionSummary>> {
  const limit = pageLimit(query);
  const cursor = readCursor(query, 'number', 'string');
  if (query.status?.length === 0) return { results: [], count: 0 };
  const sought = folded(query.q);
  const [known] = await pool.read([
    { name: 'workflow_ids', text: 'select distinct workflow_id from tallies' },
  ]);
  // No database folds letters as the others do.
  const workflows = known!.rows.map(([id]) => id!).filter((id) => folded(fromText(id)).startsWith(sought));

  const matching = (sql: Sql): string => {
    const prefix = toText(sought);
    const begins = (column: string): string =>
      `(${column} >= ${sql.value(prefix, 'text')} and ${column} < ${sql.value(`${prefix}\u{10ffff}`, 'text')})`;
    // An id that is not its own folded form is found by that only.
    const ways = [`(${begins('id')} and folded_id is null)`, begins('folded_id')];
    if (workflows.length > 0) ways.push(`workflow_id = any(${sql.texts(workflows)})`);
    const words = wordsOf(sought);
    if (words !== '') {
      const asked = sql.texts(words.split(' '));
      ways.push(`(error_words is not null and string_to_array(error_words, ' ') @> ${asked})`);
    }
    return [`(${ways.join(' or ')})`, 'listed is not null', ...filters(sql, query)].join(' and ');
  };

  const pageSql = new Sql('search');
  const where = matching(pageSql);
  const after = cursor
    ? ` and (listed, id) < (${pageSql.value(cursor[0]!, 'bigint')}, ${pageSql.value(cursor[1]!, 'text')})`
    : '';
  const page = `select id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message
    from executions where ${where}${after} order by listed desc, id desc limit ${limit + 1}`;
  const countSql = new Sql('search_count');
  const count = `select count(*) from executions where ${matching(countSql)}`;
  const [, rows, total] = await pool.read([planned, pageSql.once(page), countSql.once(count)]);
  return pageOf(
    rows!.rows.map(rowOf),
    limit,
    Number(total!.rows[0]![0]),
    ({ started_at, id }) => [started_at, id],
    summaryOf,
  );
}

function filters(sql: Sql, query: ExecutionQuery): string[] {
  const { workflow_id, status, parent_id, concurrency_key, started_after, started_before } = query;
  const conditions: string[] = [];
  const equal = (column: string, value: string | undefined): void => {
    if (value !== undefined) conditions.push(`${column} = ${sql.value(toText(value), 'text')}`);
  };
  equal('workflow_id', workflow_id);
  equal('parent_id', parent_id);
  equal('concurrency_key', concurrency_key);
  if (status) conditions.push(`status = any(${sql.texts([...status])})`);
  if (started_after !== undefined) {
    conditions.push(`listed >= ${sql.value(toTime(started_after, 'The beginning of the time'), 'bigint')}`);
  }
  if (started_before !== undefined) {
    conditions.push(`listed < ${sql.value(toTime(started_before, 'The end of the time'), 'bigint')}`);
  }
  return conditions;
}

/** A row of a summary. */
export function rowOf(row: Answer['rows'][number]): SummaryRow {
  const [id, workflow_id, workflow_version, status, started, completed, error_code, error_message] = row;
  return {
    ...{ id: id!, workflow_id: workflow_id!, workflow_version: workflow_version!, status: status! },
    ...{ started_at: Number(started), completed_at: completed == null ? null : Number(completed) },
    ...{ error_code: error_code!, error_message: error_message! },
  };
}
