import { and, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { keyAfter, rowValue } from '../query/count.ts';
import type { Steps } from '../query/steps.ts';

/** Goes through many executions piece by piece, so that no query takes long. */
export interface Pieces {
  /** The condition of the next piece; undefined when there are no more. */
  next(): Steps<SQL | undefined>;
}

/** Everything at once. */
export function onePiece(where: SQL): Pieces {
  let left: SQL | undefined = where;
  return {
    // biome-ignore lint/correctness/useYield: it has nothing to ask
    *next() {
      const piece = left;
      left = undefined;
      return piece;
    },
  };
}

/**
 * Executions in the order of an index.
 *
 * @param key - columns of the index that follow those that `where` fixes
 * @param size - of a piece
 */
export function piecesBy(
  table: SQLWrapper,
  key: readonly SQLWrapper[],
  where: SQL,
  size: number,
  direction: 'asc' | 'desc' = 'asc',
): Pieces {
  let rest: SQL | undefined = where;
  const [upTo, beyond] = direction === 'asc' ? [sql`<=`, sql`>`] : [sql`>=`, sql`<`];
  return {
    *next() {
      const from = rest;
      if (!from) return undefined;
      const last = yield* keyAfter(table, key, from, size, sql.raw(direction));
      rest = last && and(where, sql`${rowValue(key)} ${beyond} ${rowValue(last)}`);
      return last ? and(from, sql`${rowValue(key)} ${upTo} ${rowValue(last)}`) : from;
    },
  };
}

/** Executions that a query selects by their `n`. */
export function piecesOf(n: SQLWrapper, select: SQL, size: number): Pieces {
  const selected = sql`(${select}) as selected`;
  const column = sql`selected.n`;
  const pieces = piecesBy({ getSQL: () => selected, ...plain }, [column], sql`${column} is not null`, size);
  return {
    *next() {
      const piece = yield* pieces.next();
      return piece && sql`${n} in (select ${column} from ${selected} where ${piece})`;
    },
  };
}

/** A wrapper that drizzle puts no brackets around. */
const plain = { shouldOmitSQLParens: () => true };

/** One after the other. */
export function chained(all: readonly Pieces[]): Pieces {
  const left = [...all];
  return {
    *next() {
      for (let first = left[0]; first; first = left[0]) {
        const piece = yield* first.next();
        if (piece) return piece;
        left.shift();
      }
      return undefined;
    },
  };
}
