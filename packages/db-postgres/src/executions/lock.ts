import type { Statement } from '../connection/exchange.ts';
import { Sql } from '../sql.ts';

/** What is locked until the end of a transaction; all as it is stored. */
export interface Locks {
  /** Executions: who changes one, or its messages or events, has its lock. */
  ids: readonly string[];
  /** Concurrency keys: who enters or leaves a line has the lock of its key. */
  keys?: readonly string[];
  /** Executions of which the concurrency keys are locked too, where they have one. */
  ending?: readonly string[];
  /** Keeps documents from being removed. */
  documents?: boolean;
}

const schema = 'hashtext(current_schema())::bigint';
const documentsHash = `hashtextextended('documents', 3 + ${schema})`;

/**
 * Waits for locks. All are taken in one order, so that nobody waits in a circle, and by a statement of their own: the next one
 * sees all that those before have done. Unlike locks of rows they write nothing to disk. Two ids may share one, which only
 * makes somebody wait.
 *
 * Uses the unique index of executions by id.
 */
export function lockStatement({ ids, keys = [], ending = [], documents = false }: Locks): Statement {
  const sql = new Sql('lock');
  const hash = (text: string, seed: number): string => `hashtextextended(${text}, ${seed} + ${schema})`;
  const lock = (what: string): string =>
    `select ${documents ? `pg_advisory_xact_lock_shared(${documentsHash}), ` : ''}pg_advisory_xact_lock(${what})`;
  if (documents) sql.form('documents');
  if (ids.length === 1 && keys.length + ending.length === 0) {
    sql.form('one');
    const id = sql.value(ids[0]!, 'text');
    return sql.end(() => lock(hash(id, 1)));
  }
  const wanted = [`select ${hash('id', 1)} as hash from unnest(${sql.texts(ids)}) as id`];
  if (keys.length > 0) {
    sql.form('keys');
    wanted.push(`select ${hash('key', 2)} from unnest(${sql.texts(keys)}) as key`);
  }
  if (ending.length > 0) {
    sql.form('ending');
    wanted.push(
      `select ${hash('concurrency_key', 2)} from executions where id = any(${sql.texts(ending)}) and concurrency_key is not null`,
    );
  }
  return sql.end(() => `${lock('hash')} from (${wanted.join(' union ')} order by 1) as locks`);
}

/** Waits until everyone's documents can be seen, and keeps new ones out: those that nobody refers to can go. */
export const lockDocuments: Statement = {
  text: `select pg_advisory_xact_lock(${documentsHash})`,
  name: 'lock_documents',
};
