import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import { and, type SQL, sql } from 'drizzle-orm';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { searchExecutions } from '../search/search.ts';
import { type Cursor, pageLimit, pageOf, readCursor } from '../values/page.ts';
import { type Span, spanOf, within } from './filter.ts';
import { after, type Executions, firstKeys, listKey, pageRows, summaryColumnsOf } from './listing.ts';
import { type SummaryRow, summaryOf } from './row.ts';
import { countOf, type Source, sourcesOf } from './sources.ts';

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

/** The rows of a page, and one more if there is: the first of each source, merged. */
function* mergedRows(
  table: Executions,
  sources: readonly Source[],
  span: Span,
  cursor: Cursor | undefined,
  limit: number,
): Steps<SummaryRow[]> {
  const [only, ...others] = sources;
  if (!only) return [];
  const conditionOf = ({ where, start }: Source): SQL | undefined =>
    and(where, within(start, span), after(start, table, cursor));
  if (others.length === 0) return yield* pageRows(table, only.start, conditionOf(only), limit);
  // An index has all that decides which they are: of what does not come into the page no row is read.
  const parts = sources.map((source) => {
    const part = firstKeys(table, source.start, conditionOf(source), limit);
    return sql`select * from (${part}) as part`;
  });
  const first = sql`${sql.join(parts, sql` union all `)} order by start desc, id desc limit ${limit + 1}`;
  return yield* rowsOf<SummaryRow>(
    sql`select ${summaryColumnsOf(table)} from ${table} where ${table.id} in (select id from (${first}) as first)
      order by ${table.started_at} desc, ${table.id} desc`,
  );
}
