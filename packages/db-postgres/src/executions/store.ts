import type { ExecutionStore, JsonValue } from '@vwmp/core';
import { fromText, type Gate, listExecutions, parseStored, summaryOf, toText } from 'db-common';
import { postgresDialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { whole } from '../sql.ts';
import { rowOf, searchExecutions } from './search.ts';

/**
 * Keeps executions in PostgreSQL.
 *
 * @param session - gives what works on the open database
 */
export function createExecutionStore(gate: Gate, session: () => Session): ExecutionStore {
  /** Runs something that says in its own way what is wrong. */
  const run = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    gate.run(() => session().guard(work));

  return {
    open: gate.open,
    close: gate.close,
    append: (append) => run(({ appender }) => appender.append(append)),
    get: (id) => run(({ records }) => records.get(id)),
    findByKey: (workflowId, key) =>
      run(async ({ pool }) => {
        const [answer] = await pool.read([
          {
            name: 'find_by_key',
            text: `select id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message
              from executions where workflow_id = $1 and idempotency_key = $2`,
            values: [toText(workflowId), toText(key)],
          },
        ]);
        const row = answer!.rows[0];
        return row && summaryOf(rowOf(row));
      }),
    async *events(id, after = 0) {
      let last = Math.max(whole(after), 0);
      for (;;) {
        const { events, more } = await run(({ records }) => records.events(id, last));
        for (const event of events) yield event;
        if (!more) return;
        last = events.at(-1)!.seq;
      }
    },
    list: (query = {}) => {
      const given = structuredClone(query);
      const { q } = given;
      return run(({ runner, pool }) =>
        q
          ? searchExecutions(pool, { ...given, q })
          : runner.read(() => listExecutions(postgresDialect, given)),
      );
    },
    prune: (retention, now, batch) => run(({ prune }) => prune({ ...retention }, now, batch)),
    heartbeat: (worker, ttl) => run(({ workers }) => workers.renew(worker, ttl)),
    retire: (worker) => run(({ workers }) => workers.end(worker)),
    ready: (now, limit) => run(({ ready }) => ready.first(now, limit)),
    nextReady: () => run(({ ready }) => ready.next()),
    claim: (id, worker, now) =>
      run(({ appender }) => appender.claim({ id: toText(id), worker: toText(worker), now: whole(now) })),
    post: (message) => run(({ poster }) => poster.post(message)),
    messages: (executionId) =>
      run(async ({ pool }) => {
        const [answer] = await pool.read([
          {
            name: 'messages',
            text: 'select id, body from messages where execution_id = $1 order by position',
            values: [toText(executionId)],
          },
        ]);
        return answer!.rows.map(([id, body]) => ({
          id: fromText(id!),
          execution_id: executionId,
          body: parseStored<JsonValue>(body!, () => `a message to the execution "${executionId}"`),
        }));
      }),
    mail: (worker) =>
      run(async ({ pool }) => {
        const [answer] = await pool.read([
          {
            name: 'mail',
            text: 'select id from executions where owner = $1 and owner is not null and inbox > 0',
            values: [toText(worker)],
          },
        ]);
        return answer!.rows.map(([id]) => fromText(id!));
      }),
  };
}
