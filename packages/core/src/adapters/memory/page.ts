import type { Page, PageQuery } from '../../ports/lifecycle.ts';

const defaultLimit = 50;
const largestLimit = 500;

/** How many entries a page holds. */
export function pageLimit(query: PageQuery): number {
  return Math.min(Math.max(Math.trunc(query.limit ?? defaultLimit), 1), largestLimit);
}

/**
 * Cuts one page out of what matches. The cursor is the key of the last entry of the page before, so that
 * entries that come and go meanwhile neither repeat nor hide others.
 *
 * @param sorted - all that match, in the order of `key`
 * @param key - unique
 */
export function pageOf<T>(
  sorted: readonly T[],
  key: (entry: T) => string,
  query: PageQuery,
  order: 'ascending' | 'descending',
): Page<T> {
  const { cursor } = query;
  const isAfter = (entry: T): boolean =>
    cursor === undefined || (order === 'ascending' ? key(entry) > cursor : key(entry) < cursor);
  const found = sorted.findIndex(isAfter);
  const start = found < 0 ? sorted.length : found;
  const results = sorted.slice(start, start + pageLimit(query));
  const last = results.at(-1);
  const more = last !== undefined && start + results.length < sorted.length;
  return { results, ...(more && { next_cursor: key(last) }), count: sorted.length };
}

/** Orders texts by their code units, as comparing cursors does. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
