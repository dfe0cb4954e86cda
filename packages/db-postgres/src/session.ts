import type { Runner } from 'db-common';
import type { Connection } from './connection/connection.ts';
import { toStoreError } from './connection/errors.ts';
import { createPool, type Pool } from './connection/pool.ts';
import { refuseSharedSessions } from './connection/pooler.ts';
import type { Settings } from './connection/settings.ts';
import { type Appender, createAppender } from './executions/appender.ts';
import { createPoster, type Poster } from './executions/poster.ts';
import { createPrune } from './executions/prune.ts';
import { createReadyExecutions, type ReadyExecutions } from './executions/ready.ts';
import { createRecords, type Records } from './executions/records.ts';
import { createWorkers, type Workers } from './executions/workers.ts';
import { createLogWriter, type LogWriter } from './logs.ts';
import type { PostgresStorageOptions, Resolved } from './options.ts';
import { createRunner } from './runner.ts';

/** What works on a database. */
export interface Session {
  pool: Pool;
  /** Runs what both databases share. */
  runner: Runner;
  appender: Appender;
  poster: Poster;
  records: Records;
  ready: ReadyExecutions;
  workers: Workers;
  prune: ReturnType<typeof createPrune>;
  logs: LogWriter;
  /** Runs something, and turns errors of PostgreSQL into those of a store. */
  guard<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

export function createSession(settings: Settings, options: Resolved<PostgresStorageOptions>): Session {
  const { schema, timeout, connectTimeout, poolSize = 5, logger } = options;
  let isPoolerFit = false;
  const checkPooler = async (connection: Connection): Promise<void> => {
    if (isPoolerFit) return;
    await refuseSharedSessions(connection, settings, Math.min(timeout, connectTimeout));
    isPoolerFit = true;
  };
  const pool = createPool({
    ...{ settings, connectTimeout, size: Math.max(Math.trunc(poolSize), 1) },
    // The server gives up first, and tells.
    timeout: timeout + 1000,
    prepare: (connection) => beginSession(connection, schema, timeout, checkPooler),
    onChange(trouble) {
      if (trouble === undefined) logger?.log('info', 'The database can be reached again.');
      else {
        const { message } = toStoreError(trouble, settings) as Error;
        logger?.log('warn', 'The database cannot be reached; trying again as long as somebody needs it.', {
          error: message,
        });
      }
    },
  });
  const records = createRecords(pool);
  const appender = createAppender(pool, records);
  const runner = createRunner(pool, timeout + 1000);
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error, settings);
    }
  };
  const session: Session = {
    ...{ pool, appender, records },
    runner: {
      read: (steps) => guard(() => runner.read(steps)),
      write: (steps) => guard(() => runner.write(steps)),
      add: (insert) => guard(() => runner.add(insert)),
    },
    poster: createPoster(pool),
    ready: createReadyExecutions(pool),
    workers: createWorkers(pool),
    prune: createPrune(pool),
    logs: createLogWriter(pool),
    guard: (work) => guard(() => work(session)),
  };
  return session;
}

/**
 * What every connection of a storage begins with.
 *
 * @param checkPooler - told of a connection that does not lead to the server itself, before anything is set there
 */
export async function beginSession(
  connection: Connection,
  schema: string,
  timeout: number,
  checkPooler: (connection: Connection) => Promise<void> = async () => {},
): Promise<void> {
  const settings: [name: string, value: string][] = [
    ['search_path', `"${schema.replaceAll('"', '""')}"`],
    ['statement_timeout', String(timeout)],
    ['idle_in_transaction_session_timeout', String(timeout)],
    ['default_transaction_isolation', 'read committed'],
    ['client_min_messages', 'warning'],
    ['TimeZone', 'UTC'],
    // What is prepared gets arrays: a plan for their values would be no better, and planning takes longer than doing.
    ['plan_cache_mode', 'force_generic_plan'],
    ['jit', 'off'],
    // A plan that was made when there was next to nothing would read whole tables until somebody counts them anew.
    ['enable_seqscan', 'off'],
    ['enable_mergejoin', 'off'],
    ['random_page_cost', '1.1'],
  ];
  const values = settings.flat();
  const set = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`);
  // The lock is held as long as the session lasts.
  const free = `select slot from generate_series(0, 9999) as slot
    where pg_try_advisory_lock(hashtext('vwmp.slot ' || $${values.length + 1}), slot) limit 1`;
  set.push(`set_config('vwmp.slot', (${free})::text, false)`);
  const text = `select ${set.join(', ')}`;
  const given = [...values, schema];
  const direct = {
    text: `${text} where pg_backend_pid() = $${given.length + 1}`,
    values: [...given, connection.process],
  };
  const [answer] = await connection.run([direct], timeout);
  if (answer!.count > 0) return;
  await checkPooler(connection);
  await connection.run([{ text, values: given }], timeout);
}
