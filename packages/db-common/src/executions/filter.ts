import type { ExecutionQuery } from '@vwmp/core';
import { and, eq, gte, inArray, lt, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { QueryTables } from '../query/tables.ts';
import { toText } from '../values/text.ts';
import { toTime } from '../values/time.ts';

type Executions = QueryTables['executions'];

/** From and until when executions began, in milliseconds; `until` is outside. */
export interface Span {
  from?: number;
  until?: number;
}

/** @throws TypeError for what is no time */
export function spanOf({ started_after, started_before }: ExecutionQuery): Span {
  return {
    from: started_after === undefined ? undefined : toTime(started_after, 'The beginning of the time'),
    until: started_before === undefined ? undefined : toTime(started_before, 'The end of the time'),
  };
}

/** Of executions that began within a span; `column` is the one that the index has. */
export function within(column: Executions['listed'], { from, until }: Span): SQL | undefined {
  return and(
    from === undefined ? undefined : gte(column, from),
    until === undefined ? undefined : lt(column, until),
  );
}

/** What a query asks for, but for the span, `q` and the cursor. */
export function matching(table: Executions, query: ExecutionQuery): SQL | undefined {
  const { workflow_id, status, parent_id, concurrency_key } = query;
  return and(
    workflow_id === undefined ? undefined : eq(table.workflow_id, toText(workflow_id)),
    status && inArray(table.status, [...status]),
    parent_id === undefined ? undefined : eq(table.parent_id, toText(parent_id)),
    concurrency_key === undefined ? undefined : eq(table.concurrency_key, toText(concurrency_key)),
  );
}

/** Texts that begin with `prefix`, in the order of an index. */
export function beginsWith(column: SQLWrapper, prefix: string): SQL {
  return sql`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`;
}
