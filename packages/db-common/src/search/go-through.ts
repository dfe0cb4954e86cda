import { and, inArray, type SQL, sql } from 'drizzle-orm';
import { after, summaryColumnsOf } from '../executions/listing.ts';
import type { SummaryRow } from '../executions/row.ts';
import { clause } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import type { Cursor } from '../values/page.ts';
import type { Pieces } from './pieces.ts';

/** Executions that are gone through, and which of them count. */
export interface Route {
  pieces: Pieces;
  where: SQL | undefined;
}

interface Entry {
  started_at: number;
  id: string;
  /** 1 when it comes after the page before. */
  after: number;
}

/** Counts what is on some routes, and keeps what is first in the order of the list: one more than `limit`. */
export function* goThrough(
  { tables: { executions } }: Dialect,
  routes: readonly Route[],
  { where, cursor, limit }: { where: SQL | undefined; cursor: Cursor | undefined; limit: number },
): Steps<{ rows: SummaryRow[]; count: number }> {
  const { started_at, id } = executions;
  const beyond = after(started_at, executions, cursor);
  const place = beyond ? sql`case when ${beyond} then 1 else 0 end` : sql`1`;
  let first: Entry[] = [];
  let count = 0;
  for (const route of routes) {
    for (;;) {
      const piece = yield* route.pieces.next();
      if (!piece) break;
      const found = yield* rowsOf<Entry>(
        sql`select ${started_at}, ${id}, ${place} as after from ${executions} ${clause(and(piece, route.where, where))}`,
      );
      count += found.length;
      first.push(...found.filter((entry) => Number(entry.after) === 1));
      first = sorted(first).slice(0, limit + 1);
    }
  }
  if (first.length === 0) return { rows: [], count };
  const ids = first.map((entry) => entry.id);
  const rows = yield* rowsOf<SummaryRow>(
    sql`select ${summaryColumnsOf(executions)} from ${executions} where ${inArray(id, ids)}`,
  );
  return { rows: sorted(rows), count };
}

/** In the order of the list. */
export function sorted<T extends { started_at: number; id: string }>(entries: T[]): T[] {
  return entries.sort((a, b) => b.started_at - a.started_at || (a.id < b.id ? 1 : -1));
}
