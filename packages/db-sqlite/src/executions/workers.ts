import { toText } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import type { Known } from './known.ts';

/** Leases, within a transaction. */
export interface Workers {
  renew(worker: string, ttl: number): void;
  end(worker: string): void;
}

/** A lease that ended so long ago, in milliseconds, and of whose worker nothing is left, is forgotten. */
const remembered = 3_600_000;

export function createWorkers(connection: Connection, { leases }: Pick<Known, 'leases'>): Workers {
  const renew = connection.statement(
    'insert into workers (id, expires_at) values (?, ?) on conflict do update set expires_at = excluded.expires_at',
  );
  const end = connection.statement('update workers set expires_at = min(expires_at, ?) where id = ?');
  const forget = connection.statement(
    'delete from workers where expires_at < ? and not exists (select 1 from executions where owner = workers.id)',
  );

  return {
    renew(worker, ttl) {
      const now = Date.now();
      leases.clear();
      renew.run(toText(worker), now + ttl);
      forget.run(now - remembered);
    },
    end(worker) {
      leases.clear();
      end.run(Date.now(), toText(worker));
    },
  };
}
