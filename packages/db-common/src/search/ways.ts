import {
  and,
  eq,
  inArray,
  isNotNull,
  isNull,
  like,
  not,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
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
  /** Selects the same where it is known to be among so few; undefined where that takes as long as finding out. */
  narrowed?(most: number): Steps<SQL | undefined>;
  count(): Steps<number>;
  /** All of them, none twice. */
  pieces(): Pieces;
}

/** More than these are not looked for: no message is found by them that is not found without. */
const mostWords = 50;

/** Ids that begin with a text, workflows that do, errors that have its words. */
export function* waysOf(dialect: Dialect, text: string): Steps<Way[]> {
  const sought = folded(text);
  const ways = [byId(dialect, sought)];
  const workflows = yield* workflowsLike(dialect, sought);
  if (workflows.some(({ found }) => found)) ways.push(byWorkflow(dialect, sought, workflows));
  const words = wordsOf(sought);
  if (words !== '') ways.push(byWords(dialect, words.split(' ').slice(0, mostWords)));
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

/** The workflows whose ids begin with a text. */
function* workflowsLike({ tables, defers }: Dialect, sought: string): Steps<Workflow[]> {
  const { executions, tallies } = tables;
  const recent = sql` union select ${executions.workflow_id} from ${executions} where ${isFresh(tables)}`;
  const known = yield* rowsOf<{ workflow_id: string }>(
    sql`select distinct ${tallies.workflow_id} from ${tallies}${defers ? recent : sql``}`,
  );
  return known
    .map(({ workflow_id: id }) => ({
      id,
      found: folded(fromText(id)).startsWith(sought),
      plain: id.startsWith(toText(sought)),
    }))
    .filter(({ found, plain }) => found || plain);
}

interface Workflow {
  id: string;
  /** Its id begins with the text, whatever the case. */
  found: boolean;
  /** What is stored of its id does. */
  plain: boolean;
}

function byWorkflow(dialect: Dialect, sought: string, workflows: readonly Workflow[]): Way {
  const { tables, defers, piece } = dialect;
  const { executions, tallies } = tables;
  const { workflow_id, status, listed, id } = executions;
  // Most are found by a range, so that a query does not become longer with their number.
  const isFound = (column: SQLWrapper): SQL => {
    const ids = (which: (workflow: Workflow) => boolean) => workflows.filter(which).map((each) => each.id);
    const [others, wrong] = [ids(({ plain }) => !plain), ids(({ found }) => !found)];
    const plain = and(
      beginsWith(column, toText(sought)),
      wrong.length > 0 ? not(inArray(column, wrong)) : undefined,
    );
    return or(plain, others.length > 0 ? inArray(column, others) : undefined)!;
  };
  const match = isFound(workflow_id);
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
        sql`select sum(${tallies.n}) as n from ${tallies} where ${isFound(tallies.workflow_id)}`,
      );
      const recent = defers ? yield* countWhere(executions, fresh) : 0;
      return Number(sum?.n ?? 0) + recent;
    },
    pieces: () =>
      chained([
        ...(defers ? [onePiece(fresh)] : []),
        ...workflows
          .filter(({ found }) => found)
          .flatMap((workflow) =>
            statuses.map((each) => {
              const where = and(eq(workflow_id, workflow.id), eq(status, each), isNotNull(listed))!;
              return piecesBy(executions, [listed, id], where, piece);
            }),
          ),
      ]),
  };
}

function byWords(dialect: Dialect, words: readonly string[]): Way {
  const { executions } = dialect.tables;
  const { n, error_words } = executions;
  const select = dialect.withWords(words);
  const each = words.map((word) => like(sql`(' ' || ${error_words} || ' ')`, `% ${word} %`));
  const match = and(isNotNull(error_words), ...each)!;
  return {
    selects: [select],
    match,
    *narrowed(most) {
      if (!dialect.streams || words.length === 1) return undefined;
      const few = yield* fewestOf(dialect, words, most);
      return few && selectWhere(dialect, and(inArray(n, few), match));
    },
    *count() {
      const [all] = yield* rowsOf<{ n: number | string }>(
        sql`select count(*) as n from (${select}) as selected`,
      );
      return Number(all!.n);
    },
    pieces: () => piecesOf(n, select, dialect.piece),
  };
}

/**
 * Those with the rarest of some words, when they are few. The index would go through all with the most frequent one to see which of them have
 * the others, too: of 50,000 that takes fifteen times as long as the few of a rare word.
 */
function* fewestOf(dialect: Dialect, words: readonly string[], most: number): Steps<number[] | undefined> {
  const some = words.map(
    (word, index) =>
      sql`select ${index} as word, n from (select n from (${dialect.withWords([word])}) as found limit ${most + 1}) as some`,
  );
  const found = yield* rowsOf<{ word: number | string; n: number | string }>(
    sql.join(some, sql` union all `),
  );
  const byWord = words.map((_, index) => found.filter(({ word }) => Number(word) === index));
  const [fewest = []] = byWord.sort((a, b) => a.length - b.length);
  return fewest.length > most ? undefined : fewest.map((each) => Number(each.n));
}

function selectWhere({ tables: { executions } }: Dialect, where: SQL | undefined): SQL {
  return sql`select ${executions.n} from ${executions} ${clause(where)}`;
}
