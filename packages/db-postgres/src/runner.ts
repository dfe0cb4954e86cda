import {
  type AnyTable,
  createPostgresCompiler,
  type Insert,
  type Runner,
  runStepsLater,
  type SQL,
  tables,
} from 'db-common';
import type { Connection } from './connection/connection.ts';
import type { Answer, Statement } from './connection/exchange.ts';
import type { Pool } from './connection/pool.ts';
import type { Value } from './connection/values.ts';
import { createBatcher } from './executions/batcher.ts';
import { transact, untilAlone } from './executions/transact.ts';
import { Sql, type Type } from './sql.ts';

/** What is asked seldom is planned for its values, and as the planner sees fit: lists depend on them. */
const plannedFreely = [
  ['plan_cache_mode', 'force_custom_plan'],
  ['enable_seqscan', 'on'],
  ['enable_mergejoin', 'on'],
].map(([name, value]) => `set_config('${name}', '${value}', true)`);
export const planned: Statement = { name: 'planned', text: `select ${plannedFreely.join(', ')}` };

/** Runs what both databases share. @param timeout - of one query, in milliseconds */
export function createRunner(pool: Pool, timeout: number): Runner {
  const compile = createPostgresCompiler();

  const query = (question: SQL): Statement => {
    const { text, params } = compile(question);
    return { text, values: params as Value[], described: true };
  };

  const inTransaction = (connection: Connection) => ({
    rows: async (question: SQL) => rowsOf((await connection.run([query(question)], timeout))[0]!),
    insert: async (insert: Insert) => (await connection.run([insertStatement(insert)], timeout))[0]!.count,
  });

  const batcher = createBatcher<Insert, void>({
    // One batch after the other: rows keep the order in which they were added.
    keysOf: () => ({ own: [], shared: [] }),
    sizeOf: ({ rows }) => rows.reduce((sum, row) => sum + sizeOf(row), 0),
    parallel: 1,
    async flush(inserts) {
      await transact(pool, gather(inserts).map(insertStatement));
      return inserts.map(() => ({ result: undefined }));
    },
  });

  return {
    add: batcher.add,
    read: (steps) =>
      runStepsLater(steps(), {
        rows: async (question) => rowsOf((await pool.read([planned, query(question)]))[1]!),
        insert: () => Promise.reject(new TypeError('What reads does not insert.')),
      }),
    write: (steps) =>
      untilAlone(() =>
        pool.use(async (connection) => {
          try {
            await connection.run(`begin; ${planned.text}`, timeout);
            const result = await runStepsLater(steps(), inTransaction(connection));
            await connection.run('commit', timeout);
            return result;
          } catch (error) {
            await rollBack(connection, timeout);
            throw error;
          }
        }),
      ),
  };
}

/** Rows of one kind together, so that a statement adds all of them. */
function gather(inserts: readonly Insert[]): Insert[] {
  const groups = Map.groupBy(inserts, ({ into, rows, conflict }) =>
    [into, conflict, ...Object.keys(rows[0] ?? {})].join(' '),
  );
  return [...groups.values()].map((same) => ({ ...same[0]!, rows: same.flatMap(({ rows }) => rows) }));
}

function sizeOf(row: Insert['rows'][number]): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 8),
    0,
  );
}

/** Takes back what was begun. A connection on which that does not work is of no use. */
export async function rollBack(connection: Connection, timeout: number): Promise<void> {
  if (!connection.alive) return;
  await connection.run('rollback', timeout).catch(() => connection.close());
}

/** int8, int2, int4, numeric: nothing that is kept is beyond 2^53. */
const numberTypes = new Set([20, 21, 23, 1700]);

/** Rows as objects, with numbers where the columns have them. */
function rowsOf({ rows, columns }: Answer): Record<string, string | number | null>[] {
  return rows.map((row) => {
    const made: Record<string, string | number | null> = {};
    for (const [index, { name, dataTypeID }] of columns.entries()) {
      const value = row[index] ?? null;
      made[name] = value !== null && numberTypes.has(dataTypeID) ? Number(value) : value;
    }
    return made;
  });
}

/** Adds rows of a table: a statement for all of them. */
export function insertStatement({ into, rows, conflict }: Insert): Statement {
  const { name, columns, key }: AnyTable = tables[into];
  const names = Object.keys(rows[0] ?? {});
  const types: Record<string, Type> = {};
  for (const column of names) types[column] = isText(columns[column]!.kind) ? 'text' : 'bigint';
  const sql = new Sql(`insert_${name}_${conflict ?? 'new'}_${names.length}`);
  sql.given('given', types, rows);
  const list = names.map((column) => `"${column}"`).join(', ');
  const replace = names.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const onConflict = {
    none: '',
    ignore: 'on conflict do nothing',
    replace: `on conflict (${key.map((column) => `"${column}"`).join(', ')}) do update set ${replace}`,
  }[conflict ?? 'none'];
  return sql.end(() => `insert into ${name} (${list}) select ${list} from given order by i ${onConflict}`);
}

function isText(kind: string): boolean {
  return kind === 'text' || kind === 'json';
}
