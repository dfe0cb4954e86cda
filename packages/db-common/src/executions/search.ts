import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import { and, inArray, isNotNull, isNull, like, or, type SQL, sql } from 'drizzle-orm';
import { clause, countBy, keyAfter, rowValue } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { type Cursor, pageOf } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { folded, wordsOf } from '../values/words.ts';
import { beginsWith, matching, type Span, within } from './filter.ts';
import { after, isFresh, listKey, pageRows } from './listing.ts';
import { type SummaryRow, summaryOf } from './row.ts';

/** So many matches are gathered and sorted. */
const gathered = 2000;
/** So many entries one query looks through. */
const lookedThrough = 2000;

/** One way to find executions by a text. */
interface Way {
  /** Selects their `n`, by an index. */
  select: readonly SQL[];
  /** Whether an execution is one of them. */
  match: SQL;
}

/**
 * Lists executions whose id or workflow begins with `q`, or whose error has all of its words. Few matches are gathered by the
 * indexes of ids, workflows and words. What matches a good part of all executions comes soon when one looks through the list in
 * its order; then it is counting that takes time, in many small queries.
 */
export function* searchExecutions(
  dialect: Dialect,
  query: ExecutionQuery,
  span: Span,
  cursor: Cursor | undefined,
  limit: number,
): Steps<Page<ExecutionSummary>> {
  const { executions } = dialect.tables;
  const ways = yield* waysOf(dialect, folded(query.q ?? ''));
  const selects = ways.flatMap(({ select }) => select);
  const where = matching(executions, query);
  if (!(yield* areFew(selects))) {
    return yield* lookThrough(
      dialect,
      and(or(...ways.map(({ match }) => match)), where),
      span,
      cursor,
      limit,
    );
  }
  const start = executions.started_at;
  const found = and(sql`${executions.n} in (${sql.join(selects, sql` union `)})`, where, within(start, span));
  const rows = yield* pageRows(executions, start, and(found, after(start, executions, cursor)), limit);
  const count = yield* countBy(executions, [executions.n], found);
  return pageOf(rows, limit, count, listKey, summaryOf);
}

function* waysOf({ tables, defers, withWords }: Dialect, sought: string): Steps<Way[]> {
  const { executions, tallies } = tables;
  const { n, id, folded_id, workflow_id, error_words } = executions;
  const selectWhere = (where: SQL | undefined): SQL => sql`select ${n} from ${executions} ${clause(where)}`;
  // An id that is not its own folded form is found by that only: what it begins with may be another letter there.
  const byId = and(beginsWith(id, toText(sought)), isNull(folded_id))!;
  const byFolded = beginsWith(folded_id, toText(sought));
  const ways: Way[] = [{ select: [selectWhere(byId), selectWhere(byFolded)], match: or(byId, byFolded)! }];

  const fresh = isFresh(tables);
  const recent = sql` union select ${workflow_id} from ${executions} where ${fresh}`;
  const known = yield* rowsOf<{ workflow_id: string }>(
    sql`select distinct ${tallies.workflow_id} from ${tallies}${defers ? recent : sql``}`,
  );
  const workflows = known
    .map((row) => row.workflow_id)
    .filter((workflow) => folded(fromText(workflow)).startsWith(sought));
  if (workflows.length > 0) {
    const match = inArray(workflow_id, workflows);
    const listed = selectWhere(and(match, isNotNull(executions.listed)));
    ways.push({ select: defers ? [listed, selectWhere(and(fresh, match))] : [listed], match });
  }

  const words = wordsOf(sought);
  if (words !== '') {
    const each = words.split(' ').map((word) => like(sql`(' ' || ${error_words} || ' ')`, `% ${word} %`));
    ways.push({ select: [withWords(words.split(' '))], match: and(...each)! });
  }
  return ways;
}

function* areFew(selects: readonly SQL[]): Steps<boolean> {
  let found = 0;
  for (const select of selects) {
    const [part] = yield* rowsOf<{ n: number | string }>(
      sql`select count(*) as n from (${select} limit ${gathered + 1}) as part`,
    );
    found += Number(part!.n);
    if (found > gathered) return false;
  }
  return true;
}

/** Goes through the list piece by piece, until the page is full and all is counted. */
function* lookThrough(
  { tables, defers }: Dialect,
  where: SQL | undefined,
  span: Span,
  cursor: Cursor | undefined,
  limit: number,
): Steps<Page<ExecutionSummary>> {
  const { executions } = tables;
  const { listed, started_at, id } = executions;
  const rows: SummaryRow[] = [];
  let count = 0;
  if (defers) {
    const fresh = and(isFresh(tables), where, within(started_at, span));
    rows.push(
      ...(yield* pageRows(executions, started_at, and(fresh, after(started_at, executions, cursor)), limit)),
    );
    count += yield* countBy(executions, [executions.n], fresh);
  }
  let left = limit + 1;
  let above: SQL | undefined;
  for (;;) {
    const rest = and(isNotNull(listed), within(listed, span), above);
    const last = yield* keyAfter(executions, [listed, id], rest, lookedThrough, sql.raw('desc'));
    const piece = last ? and(rest, sql`${rowValue([listed, id])} >= ${rowValue(last)}`) : rest;
    if (left > 0) {
      const more = yield* pageRows(
        executions,
        listed,
        and(piece, where, after(listed, executions, cursor)),
        left - 1,
      );
      rows.push(...more);
      left -= more.length;
    }
    const [part] = yield* rowsOf<{ n: number | string }>(
      sql`select count(*) as n from ${executions} ${clause(and(piece, where))}`,
    );
    count += Number(part!.n);
    if (!last) break;
    above = sql`${rowValue([listed, id])} < ${rowValue(last)}`;
  }
  rows.sort((a, b) => b.started_at - a.started_at || (a.id < b.id ? 1 : -1));
  return pageOf(rows, limit, count, listKey, summaryOf);
}
