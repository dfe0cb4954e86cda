import { and, isNotNull, type SQL } from 'drizzle-orm';
import { after, isFresh, pageRows } from '../executions/listing.ts';
import type { SummaryRow } from '../executions/row.ts';
import type { Dialect } from '../query/dialect.ts';
import type { Steps } from '../query/steps.ts';
import type { Cursor } from '../values/page.ts';
import { sorted } from './go-through.ts';
import { piecesBy } from './pieces.ts';

/** So many pieces of the list are looked through for a page. */
const patience = 10;

/**
 * The first matches in the order of the list, one more than `limit`.
 *
 * @returns undefined when they do not come soon
 */
export function* firstOfList(
  { tables, defers, piece: size }: Dialect,
  match: SQL,
  cursor: Cursor | undefined,
  limit: number,
): Steps<SummaryRow[] | undefined> {
  const { executions } = tables;
  const { listed, started_at, id } = executions;
  const rows: SummaryRow[] = [];
  if (defers) {
    const fresh = and(isFresh(tables), match, after(started_at, executions, cursor));
    rows.push(...(yield* pageRows(executions, started_at, fresh, limit)));
  }
  const rest = and(isNotNull(listed), after(listed, executions, cursor))!;
  const pieces = piecesBy(executions, [listed, id], rest, size, 'desc');
  let left = limit + 1;
  for (let n = 0; left > 0; n++) {
    if (n === patience) return undefined;
    const piece = yield* pieces.next();
    if (!piece) break;
    const found = yield* pageRows(executions, listed, and(piece, match), left - 1);
    rows.push(...found);
    left -= found.length;
  }
  return sorted(rows);
}
