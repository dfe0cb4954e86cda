import type { Claimed } from '@vwmp/core/ports';
import type { Answer, Statement } from '../connection/exchange.ts';
import { Sql } from '../sql.ts';
import type { Outcome } from './batcher.ts';
import { belongings, type Records, recordColumns } from './records.ts';
import { holderWithLease, isReady } from './standing-sql.ts';

/** All as it is stored. */
export interface Claim {
  id: string;
  worker: string;
  now: number;
}

/**
 * Makes workers the owners of what is ready, of locked executions; the lease of each has to be running. Gives the executions that
 * were claimed.
 *
 * Uses the unique index of executions by id and the primary ones of workers and events.
 */
export function claimStatement(claims: readonly Claim[], known: readonly string[]): Statement {
  const sql = new Sql('claim', claims.length === 1);
  sql.given<Claim>('given', { id: 'text', worker: 'text', now: 'bigint' }, claims);
  // Not `exists`: of an equality the planner expects few rows, and looks each up by its id. For half of what is given it would read
  // through all executions, by a plan that it keeps.
  sql.with(
    'claimed',
    () => `update executions as e set owner = g.worker, epoch = e.epoch + 1, wake_at = null, ready_since = null
      from given as g where e.id = g.id and ${isReady((column) => `e.${column}`, 'g.now')} and g.worker = ${holderWithLease('g.worker')}
      returning e.*`,
  );
  const hashes = sql.texts(known);
  return sql.end(() => `select ${recordColumns('claimed', hashes)}, ${belongings('claimed')} from claimed`);
}

/**
 * Reads what came of claims.
 *
 * @param answer - of {@link claimStatement}
 * @returns what was claimed; undefined for what is not ready
 */
export async function readClaims(
  claims: readonly Claim[],
  answer: Answer,
  records: Records,
): Promise<Map<Claim, Outcome<Claimed | undefined>>> {
  const rows = new Map(answer.rows.map((row) => [row[0]!, row]));
  const outcomes = claims.map(async (claim): Promise<[Claim, Outcome<Claimed | undefined>]> => {
    const row = rows.get(claim.id);
    try {
      return [claim, { result: row && (await records.readClaimed(row)) }];
    } catch (error) {
      return [claim, { error }];
    }
  });
  return new Map(await Promise.all(outcomes));
}
