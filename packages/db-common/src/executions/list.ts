import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { clause, countBy } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import type { QueryTables } from '../query/tables.ts';
import { type Cursor, pageLimit, pageOf, readCursor } from '../values/page.ts';
import { toText } from '../values/text.ts';
import { matching, type Span, spanOf, within } from './filter.ts';
import { after, type Executions, isFresh, listKey, pageQuery } from './listing.ts';
import { type SummaryRow, summaryOf } from './row.ts';
import { searchExecutions } from './search.ts';

/**
 * Lists executions: {@link ExecutionQuery}. Pages come from an index in their order, and counts without a span from the tallies, so
 * neither grows with the number of executions. A count within a span goes through an index, in several queries.
 */
export function* listExecutions(dialect: Dialect, query: ExecutionQuery): Steps<Page<ExecutionSummary>> {
  const limit = pageLimit(query);
  const cursor = readCursor(query, 'number', 'string');
  const span = spanOf(query);
  if (query.status?.length === 0) return { results: [], count: 0 };
  if (query.q) return yield* searchExecutions(dialect, query, span, cursor, limit);
  const { executions } = dialect.tables;
  const sources = yield* sourcesOf(dialect, query);
  const rows = yield* mergedRows(executions, sources, span, cursor, limit);
  let count = 0;
  for (const source of sources) count += yield* countOf(executions, source, span);
  return pageOf(rows, limit, count, listKey, summaryOf);
}

/** Executions in the order of an index. */
interface Source {
  where: SQL | undefined;
  /** The column with the start that the index has. */
  start: Executions['listed'];
  /** How many there are over all times, if that is known. */
  total?: number;
}

/** Where the executions of a query come from; together they are all of them, and none twice. */
function* sourcesOf({ tables, defers }: Dialect, query: ExecutionQuery): Steps<Source[]> {
  const { executions } = tables;
  const where = matching(executions, query);
  if (query.parent_id !== undefined || query.concurrency_key !== undefined) {
    return [{ where, start: executions.started_at }];
  }
  const fresh: Source = { where: and(isFresh(tables), where), start: executions.started_at };
  const sources = defers ? [fresh] : [];
  const { workflow_id } = query;
  const start = executions.listed;
  const tallies = yield* tallied(tables, query);
  if (workflow_id === undefined && !query.status) {
    const total = tallies.reduce((sum, { n }) => sum + n, 0);
    return [...sources, { where: isNotNull(start), start, total }];
  }
  const workflow = workflow_id === undefined ? undefined : eq(executions.workflow_id, toText(workflow_id));
  for (const { status, n: total } of tallies) {
    sources.push({ where: and(workflow, eq(executions.status, status), isNotNull(start)), start, total });
  }
  return sources;
}

/** How many listed executions there are with each status. */
function* tallied(
  { tallies }: QueryTables,
  { workflow_id, status }: ExecutionQuery,
): Steps<{ status: string; n: number }[]> {
  const where = workflow_id === undefined ? undefined : eq(tallies.workflow_id, toText(workflow_id));
  const found = yield* rowsOf<{ status: string; n: number | string }>(
    sql`select ${tallies.status} as status, sum(${tallies.n}) as n from ${tallies} ${clause(where)} group by ${tallies.status}`,
  );
  const asked: readonly string[] | undefined = status;
  return found
    .map((row) => ({ status: row.status, n: Number(row.n) }))
    .filter((row) => row.n !== 0 && (!asked || asked.includes(row.status)));
}

/** The rows of a page, and one more if there is: the first of each source, merged. */
function* mergedRows(
  table: Executions,
  sources: readonly Source[],
  span: Span,
  cursor: Cursor | undefined,
  limit: number,
): Steps<SummaryRow[]> {
  if (sources.length === 0) return [];
  const parts = sources.map(({ where, start }) => {
    const part = pageQuery(table, start, and(where, within(start, span), after(start, table, cursor)), limit);
    return sql`select * from (${part}) as part`;
  });
  return yield* rowsOf<SummaryRow>(
    sql`${sql.join(parts, sql` union all `)} order by started_at desc, id desc limit ${limit + 1}`,
  );
}

/** How many executions of a source began within a span. */
function* countOf(table: Executions, { where, start, total }: Source, span: Span): Steps<number> {
  if (total !== undefined && span.from === undefined && span.until === undefined) return total;
  return yield* countBy(table, [start, table.id], and(where, within(start, span)));
}
