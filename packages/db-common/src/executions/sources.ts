import type { ExecutionQuery } from '@vwmp/core';
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import type { QueryTables } from '../query/tables.ts';
import { toText } from '../values/text.ts';
import { matching, type Span, within } from './filter.ts';
import { type Executions, isFresh } from './listing.ts';

/** Executions in the order of an index. */
export interface Source {
  where: SQL | undefined;
  /** The column with the start that the index has. */
  start: Executions['listed'];
  /** How many there are over all times, if that is known. */
  total?: number;
}

/** Where the executions of a query come from; together they are all of them, and none twice. */
export function* sourcesOf({ tables, defers }: Dialect, query: ExecutionQuery): Steps<Source[]> {
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

/** One query counts about so many entries, which takes a few milliseconds. */
const counted = 200_000;

/** Within a span there are seldom more: one query tells, and none has to find out how to divide it. */
const few = 10_000;

/** How many executions of a source began within a span; in several queries, for a part of the time each, when there are many. */
export function* countOf(table: Executions, { where, start, total }: Source, span: Span): Steps<number> {
  const always = span.from === undefined && span.until === undefined;
  if (total !== undefined && always) return total;
  const inSpan = and(where, within(start, span));
  const parts = Math.ceil((total ?? 0) / counted);
  if (parts <= 1) return yield* countWhere(table, inSpan);
  const some = yield* countWhere(table, inSpan, few + 1);
  if (some <= few) return some;
  const [first, last] = [
    yield* firstStart(table, start, inSpan, 'asc'),
    yield* firstStart(table, start, inSpan, 'desc'),
  ];
  if (first === undefined || last === undefined) return 0;
  const step = Math.max(Math.ceil((last + 1 - first) / parts), 1);
  let count = 0;
  for (let from = first; from <= last; from += step) {
    count += yield* countWhere(
      table,
      and(where, within(start, { from, until: Math.min(from + step, last + 1) })),
    );
  }
  return count;
}

function* firstStart(
  table: Executions,
  start: Executions['listed'],
  where: SQL | undefined,
  direction: 'asc' | 'desc',
): Steps<number | undefined> {
  const [first] = yield* rowsOf<{ at: number }>(
    sql`select ${start} as at from ${table} ${clause(where)} order by ${start} ${sql.raw(direction)} limit 1`,
  );
  return first?.at;
}
