import { and, eq, inArray, isNotNull, isNull, like, not, or, type SQL, sql } from 'drizzle-orm';
import { beginsWith } from '../executions/filter.ts';
import { isFresh } from '../executions/listing.ts';
import { clause, countWhere } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { fromText, toText } from '../values/text.ts';
import { folded, wordsOf } from '../values/words.ts';
import { chained, onePiece, type Pieces, piecesBy, piecesOf } from './pieces.ts';

/** One way to find executions by a text. */
export interface Way {
  /** Selects their `n`, by indexes. */
  selects: readonly SQL[];
  /** Whether an execution is one of them. */
  match: SQL;
  count(): Steps<number>;
  /** All of them, none twice. */
  pieces(): Pieces;
}

/** Ids that begin with a text, workflows that do, errors that have its words. */
export function* waysOf(dialect: Dialect, text: string): Steps<Way[]> {
  const sought = folded(text);
  const ways = [byId(dialect, sought)];
  const workflows = yield* workflowsLike(dialect, sought);
  if (workflows.length > 0) ways.push(byWorkflow(dialect, workflows));
  const words = wordsOf(sought);
  if (words !== '') ways.push(byWords(dialect, words.split(' ')));
  return ways;
}

/** Executions that none of these ways finds. */
export function notFoundBy(ways: readonly Way[]): SQL | undefined {
  // A comparison with null is null, and not false.
  return and(...ways.map(({ match }) => not(sql`coalesce(${match}, false)`)));
}

function byId(dialect: Dialect, sought: string): Way {
  const { executions } = dialect.tables;
  const { id, folded_id } = executions;
  // An id that is not its own folded form is found by that only: what it begins with may be another letter there.
  const plain = and(beginsWith(id, toText(sought)), isNull(folded_id))!;
  const other = beginsWith(folded_id, toText(sought));
  return {
    selects: [selectWhere(dialect, plain), selectWhere(dialect, other)],
    match: or(plain, other)!,
    *count() {
      const others = yield* countWhere(executions, other);
      const ids = yield* countWhere(executions, beginsWith(id, toText(sought)));
      if (ids === 0) return others;
      // The index of ids does not say which of them have another form; those are few, or the ids above are.
      const both = and(isNotNull(folded_id), beginsWith(sql`(${id} || '')`, toText(sought)));
      return others + ids - (yield* countWhere(executions, both));
    },
    pieces: () =>
      chained([
        piecesBy(executions, [id], plain, dialect.piece),
        piecesBy(executions, [folded_id, id], other, dialect.piece),
      ]),
  };
}

function* workflowsLike({ tables, defers }: Dialect, sought: string): Steps<string[]> {
  const { executions, tallies } = tables;
  const recent = sql` union select ${executions.workflow_id} from ${executions} where ${isFresh(tables)}`;
  const known = yield* rowsOf<{ workflow_id: string }>(
    sql`select distinct ${tallies.workflow_id} from ${tallies}${defers ? recent : sql``}`,
  );
  const ids = known.map(({ workflow_id }) => workflow_id);
  return ids.filter((id) => folded(fromText(id)).startsWith(sought));
}

function byWorkflow(dialect: Dialect, workflows: readonly string[]): Way {
  const { tables, defers, piece } = dialect;
  const { executions, tallies } = tables;
  const { workflow_id, status, listed, id } = executions;
  const match = inArray(workflow_id, [...workflows]);
  const fresh = and(isFresh(tables), match)!;
  const statuses = ['pending', 'running', 'waiting', 'success', 'partial', 'failed', 'cancelled'];
  return {
    selects: [
      selectWhere(dialect, and(match, isNotNull(listed))),
      ...(defers ? [selectWhere(dialect, fresh)] : []),
    ],
    match,
    *count() {
      const [sum] = yield* rowsOf<{ n: number | string | null }>(
        sql`select sum(${tallies.n}) as n from ${tallies} where ${inArray(tallies.workflow_id, [...workflows])}`,
      );
      const recent = defers ? yield* countWhere(executions, fresh) : 0;
      return Number(sum?.n ?? 0) + recent;
    },
    pieces: () =>
      chained([
        ...(defers ? [onePiece(fresh)] : []),
        ...workflows.flatMap((workflow) =>
          statuses.map((each) => {
            const where = and(eq(workflow_id, workflow), eq(status, each), isNotNull(listed))!;
            return piecesBy(executions, [listed, id], where, piece);
          }),
        ),
      ]),
  };
}

function byWords(dialect: Dialect, words: readonly string[]): Way {
  const { n, error_words } = dialect.tables.executions;
  const select = dialect.withWords(words);
  const each = words.map((word) => like(sql`(' ' || ${error_words} || ' ')`, `% ${word} %`));
  return {
    selects: [select],
    match: and(isNotNull(error_words), ...each)!,
    *count() {
      const [all] = yield* rowsOf<{ n: number | string }>(
        sql`select count(*) as n from (${select}) as selected`,
      );
      return Number(all!.n);
    },
    pieces: () => piecesOf(n, select, dialect.piece),
  };
}

function selectWhere({ tables: { executions } }: Dialect, where: SQL | undefined): SQL {
  return sql`select ${executions.n} from ${executions} ${clause(where)}`;
}
