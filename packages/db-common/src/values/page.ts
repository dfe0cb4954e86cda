import type { Page, PageQuery } from '@vwmp/core';

const defaultLimit = 50;
const largestLimit = 500;

/** How many entries a page holds. */
export function pageLimit({ limit = defaultLimit }: PageQuery): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), largestLimit);
}

/** The key of the last entry of a page, as it is given out. */
export type Cursor = readonly (string | number)[];

/** @throws TypeError for what is no cursor with these types */
export function readCursor(query: PageQuery, ...types: ('string' | 'number')[]): Cursor | undefined {
  if (query.cursor === undefined) return undefined;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(query.cursor, 'base64url').toString());
  } catch {
    key = undefined;
  }
  const parts: unknown[] = Array.isArray(key) ? key : [];
  if (parts.length === types.length && types.every((type, index) => fits(parts[index], type))) {
    return parts as unknown as Cursor;
  }
  throw new TypeError(`"${query.cursor}" is no cursor of this list. Take the "next_cursor" of a page.`);
}

/** Nothing that is stored has the character NUL in its key, and PostgreSQL cannot be asked for it. */
function fits(part: unknown, type: 'string' | 'number'): boolean {
  return typeof part === type && !(typeof part === 'string' && part.includes('\0'));
}

/**
 * Makes a page of entries that were asked for with one more than the limit.
 *
 * @param key - of an entry, for the cursor
 */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  count: number,
  key: (row: R) => Cursor,
  read: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  const cursor = more && Buffer.from(JSON.stringify(key(last))).toString('base64url');
  return { results: shown.map(read), ...(cursor && { next_cursor: cursor }), count };
}
