import { and, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { rowsOf, type Steps } from './steps.ts';

/** So many entries one query goes through at most, which takes about a millisecond. */
export const stride = 20_000;

/** A condition as it follows a table. */
export function clause(where: SQL | undefined): SQL {
  return where ? sql`where ${where}` : sql``;
}

/** Of entries ordered by `key`, the key of the one so many places further. */
export function* keyAfter(
  table: SQLWrapper,
  key: readonly SQLWrapper[],
  where: SQL | undefined,
  places: number,
  direction: SQL = sql``,
): Steps<readonly unknown[] | undefined> {
  const names = key.map((column, index) => sql`${column} as ${sql.raw(`k${index}`)}`);
  const order = key.map((column) => sql`${column} ${direction}`);
  const [row] = yield* rowsOf<Record<string, unknown>>(
    sql`select ${sql.join(names, sql`, `)} from ${table} ${clause(where)} order by ${sql.join(order, sql`, `)} limit 1 offset ${places - 1}`,
  );
  return row && key.map((_, index) => row[`k${index}`]);
}

/** Columns as a row value, for comparing whole keys. */
export function rowValue(parts: readonly unknown[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}

/**
 * Counts entries in the order of an index, in several queries when there are many.
 *
 * @param key - columns of the index that follow those that `where` fixes
 */
export function* countBy(
  table: SQLWrapper,
  key: readonly SQLWrapper[],
  where: SQL | undefined,
): Steps<number> {
  let rest = where;
  for (let count = 0; ; count += stride) {
    const last = yield* keyAfter(table, key, rest, stride);
    if (!last) {
      const [part] = yield* rowsOf<{ n: number | string }>(
        sql`select count(*) as n from ${table} ${clause(rest)}`,
      );
      return count + Number(part!.n);
    }
    rest = and(where, sql`${rowValue(key)} > ${rowValue(last)}`);
  }
}
