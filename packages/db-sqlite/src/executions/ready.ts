import { fromText } from 'db-common';
import type { Connection } from '../connection/connection.ts';

/** What is ready, and when something is. */
export interface ReadyExecutions {
  /** @param now - of the one that asks */
  first(now: number, limit: number): string[];
  next(): number | undefined;
}

interface Candidate {
  id: string;
  due: number;
}

/** The owners of executions, found by going from one to the next in their index. */
const owners = `with recursive owners (owner) as (
    select (select min(owner) from executions where owner is not null)
    union all
    select (select min(owner) from executions where owner > owners.owner) from owners where owners.owner is not null
  )
  select owner, coalesce((select expires_at from workers where id = owner), 0) as until from owners where owner is not null`;

export function createReadyExecutions(connection: Connection): ReadyExecutions {
  const atOnce = connection.statement(
    `select id, ready_since as due from executions where ready_since is not null and turn is null
      order by ready_since, n limit ?`,
  );
  const timed = connection.statement(
    `select id, wake_at as due from executions where wake_at is not null and turn is null and wake_at <= ?
      order by wake_at, n limit ?`,
  );
  const leases = connection.statement(owners);
  const left = connection
    .statement('select id from executions where owner = ? and turn is null order by n limit ?')
    .pluck();
  const nextAtOnce = connection
    .statement('select min(ready_since) from executions where ready_since is not null and turn is null')
    .pluck();
  const nextTimed = connection
    .statement('select min(wake_at) from executions where wake_at is not null and turn is null')
    .pluck();

  return {
    first(now, limit) {
      if (limit <= 0) return [];
      const found: Candidate[] = [];
      for (const { owner, until } of leases.all() as { owner: string; until: number }[]) {
        if (until > Date.now()) continue;
        for (const id of left.all(owner, limit) as string[]) found.push({ id, due: until });
      }
      found.push(...(atOnce.all(limit) as Candidate[]), ...(timed.all(now, limit) as Candidate[]));
      found.sort((a, b) => a.due - b.due);
      return found.slice(0, limit).map(({ id }) => fromText(id));
    },
    next() {
      const times = (leases.all() as { until: number }[]).map(({ until }) => until);
      for (const statement of [nextAtOnce, nextTimed]) {
        const time = statement.get() as number | null;
        if (time !== null) times.push(time);
      }
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}
