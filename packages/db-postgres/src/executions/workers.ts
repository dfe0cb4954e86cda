import { toText } from 'db-common';
import type { Pool } from '../connection/pool.ts';
import { now, whole } from '../sql.ts';
import { transact } from './transact.ts';

/** Leases. */
export interface Workers {
  renew(worker: string, ttl: number): Promise<void>;
  end(worker: string): Promise<void>;
}

/** A lease that ended so long ago, in milliseconds, and of whose worker nothing is left, is forgotten. */
const remembered = 3_600_000;

/** The end of a lease is a time, too. */
const longest = 1e14;

const renew = `insert into workers as w (id, expires_at) values ($1, ${now} + $2::bigint)
  on conflict (id) do update set expires_at = excluded.expires_at`;
const forget = `delete from workers as w where id in (
    select id from workers where expires_at < ${now} - ${remembered} order by id limit 100 for update skip locked)
  and not exists (select from executions as e where e.owner = w.id)`;
const end = `update workers set expires_at = least(expires_at, ${now}) where id = $1`;

export function createWorkers(pool: Pool): Workers {
  return {
    async renew(worker, ttl) {
      await transact(pool, [
        { name: 'renew', text: renew, values: [toText(worker), Math.min(whole(ttl), longest)] },
        { name: 'forget', text: forget },
      ]);
    },
    async end(worker) {
      await transact(pool, [{ name: 'retire', text: end, values: [toText(worker)] }]);
    },
  };
}
