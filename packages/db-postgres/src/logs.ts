import type { LogStore } from '@vwmp/core';
import { createLogStore, logRow, type NewLogRow, type StoreParts } from 'db-common';
import type { Statement } from './connection/exchange.ts';
import type { Pool } from './connection/pool.ts';
import { createBatcher } from './executions/batcher.ts';
import { lockStatement } from './executions/lock.ts';
import { transact } from './executions/transact.ts';
import type { Session } from './session.ts';
import { Sql } from './sql.ts';

/** Adds what steps log, of many executions in one transaction. */
export interface LogWriter {
  /** All or none; those of executions that are not there are dropped. */
  add(rows: readonly NewLogRow[]): Promise<void>;
}

export function createLogWriter(pool: Pool): LogWriter {
  const batcher = createBatcher<readonly NewLogRow[], void>({
    // One batch after the other: entries keep the order in which they were added.
    keysOf: () => ({ own: [], shared: [] }),
    sizeOf: (rows) => rows.reduce((sum, { message, data }) => sum + message.length + (data?.length ?? 0), 0),
    parallel: 1,
    async flush(batch) {
      const rows = batch.flat();
      // Who prunes an execution has its lock, too: none is left behind.
      const ids = [...new Set(rows.map(({ execution_id }) => execution_id))];
      await transact(pool, [lockStatement({ ids }), addLogs(rows)]);
      return batch.map(() => ({ result: undefined }));
    },
  });
  return { add: batcher.add };
}

const types = {
  execution_id: 'text',
  timestamp: 'bigint',
  level: 'text',
  message: 'text',
  data: 'text',
  step_id: 'text',
  item: 'bigint',
} as const;

function addLogs(rows: readonly NewLogRow[]): Statement {
  const sql = new Sql('add_logs');
  sql.given<NewLogRow>('given', types, rows);
  return sql.end(
    () => `insert into logs (execution_id, timestamp, level, message, data, step_id, item)
      select g.execution_id, g.timestamp, g.level, g.message, g.data, g.step_id, g.item
      from given as g join executions as e on e.id = g.execution_id order by g.i`,
  );
}

/** Keeps what steps log. @param session - gives what works on the open database */
export function createPostgresLogStore(parts: StoreParts, session: () => Session): LogStore {
  return {
    ...createLogStore(parts),
    add: (entries) =>
      parts.gate.run(async () => {
        const rows = entries.map(logRow);
        if (rows.length > 0) await session().guard(({ logs }) => logs.add(rows));
      }),
  };
}
