import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import { and, sql } from 'drizzle-orm';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { searchExecutions } from '../search/search.ts';
import { type Cursor, pageLimit, pageOf, readCursor } from '../values/page.ts';
import { type Span, spanOf, within } from './filter.ts';
import { after, type Executions, listKey, pageQuery } from './listing.ts';
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
  if (sources.length === 0) return [];
  const parts = sources.map(({ where, start }) => {
    const part = pageQuery(table, start, and(where, within(start, span), after(start, table, cursor)), limit);
    return sql`select * from (${part}) as part`;
  });
  return yield* rowsOf<SummaryRow>(
    sql`${sql.join(parts, sql` union all `)} order by started_at desc, id desc limit ${limit + 1}`,
  );
}
