import type { ExecutionQuery, ExecutionSummary, Page } from '@vwmp/core';
import { and, inArray, or, type SQL, sql } from 'drizzle-orm';
import { matching, type Span, within } from '../executions/filter.ts';
import { after, listKey, pageRows } from '../executions/listing.ts';
import { summaryOf } from '../executions/row.ts';
import { sourcesOf } from '../executions/sources.ts';
import { countWhere } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { type Cursor, pageOf } from '../values/page.ts';
import { firstOfList } from './first-of-list.ts';
import { goThrough, type Route } from './go-through.ts';
import { piecesBy } from './pieces.ts';
import { notFoundBy, type Way, waysOf } from './ways.ts';

/** So many are kept in mind between two queries. */
const mostFew = 20;

/**
 * Lists executions whose id or workflow begins with `q`, or whose error has all of its words.
 *
 * A few matches are fetched by their numbers, some more gathered and sorted in one go. Many are gone through piece by piece: by what finds them, or by the lists, whichever
 * are fewer. If nothing else is asked for, and so many match that a page of them comes soon in the order of the list, it takes
 * no more than counting them.
 */
export function* searchExecutions(
  dialect: Dialect,
  query: ExecutionQuery,
  span: Span,
  cursor: Cursor | undefined,
  limit: number,
): Steps<Page<ExecutionSummary>> {
  const { executions } = dialect.tables;
  const { started_at: start, n } = executions;
  const ways = yield* waysOf(dialect, query.q ?? '');
  const where = and(matching(executions, query), within(start, span));

  const few = yield* fewOf(ways);
  if (few?.length === 0) return { results: [], count: 0 };
  if (few) {
    const found = and(inArray(n, few), where);
    const rows = yield* pageRows(executions, start, and(found, after(start, executions, cursor)), limit);
    const count = where ? yield* countWhere(executions, found) : few.length;
    return pageOf(rows, limit, count, listKey, summaryOf);
  }

  const sizes = yield* sizesOf(dialect, ways);
  if (sizes.every((size) => size !== undefined) && sum(sizes) <= dialect.piece) {
    const selects = ways.flatMap((way) => way.selects);
    const found = and(sql`${n} in (${sql.join(selects, sql` union `)})`, where);
    const rows = yield* pageRows(executions, start, and(found, after(start, executions, cursor)), limit);
    return pageOf(rows, limit, yield* countWhere(executions, found), listKey, summaryOf);
  }

  const match = or(...ways.map((way) => way.match))!;
  if (!where) {
    const rows = yield* firstOfList(dialect, match, cursor, limit);
    if (rows) return pageOf(rows, limit, yield* countAll(dialect, ways), listKey, summaryOf);
  }
  const routes = yield* shorterRoutes(dialect, query, ways, match);
  const { rows, count } = yield* goThrough(dialect, routes, { where, cursor, limit });
  return pageOf(rows, limit, count, listKey, summaryOf);
}

/** How many the ways find together: the one that finds most says so itself, and what others add to it is looked for. */
function* countAll(dialect: Dialect, ways: readonly Way[]): Steps<number> {
  const counted: { way: Way; n: number }[] = [];
  for (const way of ways) counted.push({ way, n: yield* way.count() });
  const [largest, ...rest] = counted.sort((a, b) => b.n - a.n);
  const others = rest.filter(({ n }) => n > 0).map(({ way }) => way);
  const routes = exclusive([largest!.way, ...others]).slice(1);
  const { count } = yield* goThrough(dialect, routes, { where: undefined, cursor: undefined, limit: 0 });
  return largest!.n + count;
}

/** All ways; what one of them finds, those after it do not. */
function exclusive(ways: readonly Way[]): Route[] {
  return ways.map((way, index) => ({ pieces: way.pieces(), where: notFoundBy(ways.slice(0, index)) }));
}

/**
 * What all ways find, when that is not much: asking for it once, and not for its size, a page and the count, takes a third of the time where
 * one of many words is rare.
 */
function* fewOf(ways: readonly Way[]): Steps<number[] | undefined> {
  const selects: SQL[] = [];
  for (const way of ways) {
    const narrowed = way.narrowed && (yield* way.narrowed(mostFew));
    selects.push(...(narrowed ? [narrowed] : way.selects));
  }
  const found = yield* rowsOf<{ n: number | string }>(
    sql`select n from (${sql.join(selects, sql` union all `)}) as found limit ${mostFew + 1}`,
  );
  return found.length > mostFew ? undefined : [...new Set(found.map(({ n }) => Number(n)))];
}

/** How many each way finds; undefined when there are more than fit into a piece. */
function* sizesOf({ piece }: Dialect, ways: readonly Way[]): Steps<(number | undefined)[]> {
  const sizes: (number | undefined)[] = [];
  for (const { selects } of ways) {
    let size = 0;
    for (const select of selects) {
      const [part] = yield* rowsOf<{ n: number | string }>(
        sql`select count(*) as n from (select * from (${select}) as found limit ${piece + 1}) as part`,
      );
      size += Number(part!.n);
    }
    sizes.push(size > piece ? undefined : size);
  }
  return sizes;
}

/** By the ways that find them, or by the lists of what else is asked for. */
function* shorterRoutes(
  dialect: Dialect,
  query: ExecutionQuery,
  ways: readonly Way[],
  match: SQL,
): Steps<Route[]> {
  const { executions } = dialect.tables;
  const sources = yield* sourcesOf(dialect, query);
  let listed = 0;
  for (const { where, total } of sources) listed += total ?? (yield* countWhere(executions, where));
  let found = 0;
  for (const way of ways) found += found > listed ? 0 : yield* way.count();
  if (found <= listed) return exclusive(ways);
  return sources.map(({ where = sql`true`, start }) => ({
    pieces: piecesBy(executions, [start, executions.id], where, dialect.piece, 'desc'),
    where: match,
  }));
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce((all: number, n) => all + (n ?? 0), 0);
}
