import type { Claimed } from '@vwmp/core/ports';
import type { Statement } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { Sql } from '../sql.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import type { KnownExecutions } from './known.ts';
import { lockStatement } from './lock.ts';
import { belongings, type Records, recordColumns } from './records.ts';
import { hasLease, isReady } from './standing-sql.ts';
import { transact } from './transact.ts';

/** All as it is stored. */
export interface Claim {
  id: string;
  worker: string;
  now: number;
}

/** Makes what claims executions, many in one transaction. */
export function createClaimer(
  pool: Pool,
  records: Records,
  known: KnownExecutions,
): Batcher<Claim, Claimed | undefined> {
  return createBatcher<Claim, Claimed | undefined>({
    keysOf: ({ id }) => ({ own: [id], shared: [] }),
    sizeOf: () => 100,
    parallel: 1,
    async flush(claims) {
      const ids = claims.map(({ id }) => id);
      const answers = await transact(pool, [lockStatement({ ids }), claimStatement(claims, records.known())]);
      const rows = new Map(answers[1]!.rows.map((row) => [row[0]!, row]));
      return await Promise.all(
        claims.map(async ({ id }) => {
          const row = rows.get(id);
          if (!row) return { result: undefined };
          try {
            const record = await records.readClaimed(row);
            known.claimed(id, record);
            return { result: record };
          } catch (error) {
            return { error };
          }
        }),
      );
    },
  });
}

/**
 * Makes workers the owners of what is ready, of locked executions; the lease of each has to be running. Gives the executions that
 * were claimed.
 *
 * Uses the unique index of executions by id and the primary ones of workers and events.
 */
function claimStatement(claims: readonly Claim[], known: readonly string[]): Statement {
  const sql = new Sql('claim', claims.length === 1);
  sql.given<Claim>('given', { id: 'text', worker: 'text', now: 'bigint' }, claims);
  sql.with(
    'claimed',
    () => `update executions as e set owner = g.worker, epoch = e.epoch + 1, wake_at = null, ready_since = null
      from given as g where e.id = g.id and ${isReady((column) => `e.${column}`, 'g.now')} and ${hasLease('g.worker')}
      returning e.*`,
  );
  const hashes = sql.texts(known);
  return sql.end(() => `select ${recordColumns('claimed', hashes)}, ${belongings('claimed')} from claimed`);
}
