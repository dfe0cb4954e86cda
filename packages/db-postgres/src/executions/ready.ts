import { fromText } from 'db-common';
import type { Pool } from '../connection/pool.ts';
import { now as serverTime, whole } from '../sql.ts';

const mostReady = 100_000;

/** What is ready, and when something is. */
export interface ReadyExecutions {
  /** @param now - of the one that asks */
  first(now: number, limit: number): Promise<string[]>;
  next(): Promise<number | undefined>;
}

// Who owns something is found by going from one to the next in the index of owners.
const owners = `with recursive owners (owner) as (
    (select min(owner) from executions where owner is not null)
    union all
    select (select min(e.owner) from executions as e where e.owner > o.owner) from owners as o where o.owner is not null
  ),
  leases as (
    select o.owner, coalesce(w.expires_at, 0) as until from owners as o left join workers as w on w.id = o.owner where o.owner is not null
  )`;

/** Indexes: `ready`, `waking`, `owned`. Each part gives as many as are asked for. */
const first = `${owners}
  select id from (
    (select id, ready_since as due, n from executions where ready_since is not null and turn is null order by ready_since, n limit $2::bigint)
    union all
    (select id, wake_at, n from executions where wake_at is not null and turn is null and wake_at <= $1::bigint
      order by wake_at, n limit $2::bigint)
    union all
    (select left_alone.id, until, left_alone.n from leases cross join lateral (
      select e.id, e.n from executions as e where e.owner = leases.owner and e.turn is null order by e.n limit $2::bigint) as left_alone
      where until <= ${serverTime})
  ) as ready order by due, n limit $2::bigint`;

const next = `${owners}
  select least(
    (select min(ready_since) from executions where ready_since is not null and turn is null),
    (select min(wake_at) from executions where wake_at is not null and turn is null),
    (select min(until) from leases))`;

export function createReadyExecutions(pool: Pool): ReadyExecutions {
  return {
    async first(now, limit) {
      if (!(limit >= 1)) return [];
      const [answer] = await pool.read([
        { name: 'ready', text: first, values: [whole(now), Math.min(whole(limit), mostReady)] },
      ]);
      return answer!.rows.map(([id]) => fromText(id!));
    },
    async next() {
      const [answer] = await pool.read([{ name: 'next_ready', text: next }]);
      const time = answer!.rows[0]![0];
      return time == null ? undefined : Number(time);
    },
  };
}
