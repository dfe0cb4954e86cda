import type { Statement } from '../connection/exchange.ts';
import { Sql } from '../sql.ts';
import { isFree } from './standing-sql.ts';

/**
 * Calls those who come next in the lines of the concurrency keys of these executions, whose keys are locked. Gives rows: one of the
 * executions with that key, who is ready now and owned by nobody.
 *
 * Uses the indexes `line` and `holding`.
 */
export function promoteStatement(ids: readonly string[]): Statement {
  const sql = new Sql('promote');
  const given = sql.texts(ids);
  sql.with(
    'lines',
    () => `select concurrency_key as key, array_agg(id) as causes,
        (select count(*) from executions as h where h.concurrency_key = e.concurrency_key
          and h.completed_at is null and h.turn is null) as holding
      from executions as e where id = any(${given}) and concurrency_key is not null group by 1`,
  );
  // Nobody overtakes: the first one whose limit is reached holds up those behind it. Each that has ended frees one place.
  sql.with(
    'called',
    () => `select n, causes from lines cross join lateral (
        select n, bool_and(fits) over (order by place) as fits from (
          select n, place, lines.holding + place <= concurrency_limit as fits from (
            select n, concurrency_limit, row_number() over (order by turn) as place from (
              select n, turn, concurrency_limit from executions as w where w.concurrency_key = lines.key and w.turn is not null
                order by w.turn limit 1000) as line) as places) as marked) as next
      where fits`,
  );
  sql.with(
    'turned',
    () => `update executions as e set turn = null from called as c where e.n = c.n
      returning c.causes, e.id, ${isFree((column) => `e.${column}`)} as ready`,
  );
  return sql.end(() => 'select cause, id from turned, unnest(causes) as cause where ready');
}
