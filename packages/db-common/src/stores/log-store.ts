import type { JsonValue, LogEntry, LogLevel, LogStore } from '@vwmp/core';
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import type { Dialect } from '../query/dialect.ts';
import { type Insert, insert, rowsOf, type Steps } from '../query/steps.ts';
import type { LogRow } from '../schema/tables.ts';
import { pageLimit, pageOf, readCursor } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime, toTime } from '../values/time.ts';
import type { StoreParts } from './parts.ts';

/** As it is added: the database gives it its position. */
export type NewLogRow = Omit<LogRow, 'position'>;

/** Keeps what steps log in a database. */
export function createLogStore({ gate, runner, dialect }: StoreParts): LogStore {
  const { logs } = dialect.tables;

  return {
    open: gate.open,
    close: gate.close,
    add(entries) {
      return gate.run(async () => {
        if (entries.length === 0) return;
        const rows = entries.map(logRow);
        await runner.write(() => addLogs(dialect, rows));
      });
    },
    list(executionId, query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'number');
          const { step_id, level } = query;
          if (level?.length === 0) return { results: [], count: 0 };
          const where = and(
            eq(logs.execution_id, toText(executionId)),
            step_id === undefined ? undefined : eq(logs.step_id, toText(step_id)),
            level && inArray(logs.level, [...level]),
          );
          const rest = and(where, cursor && gt(logs.position, cursor[0]));
          const rows = yield* rowsOf<LogRow>(
            sql`select * from ${logs} ${clause(rest)} order by ${logs.position} limit ${limit + 1}`,
          );
          const count = yield* countWhere(logs, where);
          return pageOf(rows, limit, count, ({ position }) => [position], logOf);
        }),
      );
    },
  };
}

/** Adds entries to the executions that are there. */
function* addLogs({ tables, counts }: Dialect, rows: readonly NewLogRow[]): Steps<void> {
  const { executions, logs } = tables;
  const positions = new Map<string, number>();
  for (const id of new Set(rows.map(({ execution_id }) => execution_id))) {
    const last = counts
      ? sql`0`
      : sql`(select max(${logs.position}) from ${logs} where ${logs.execution_id} = ${id})`;
    const [found] = yield* rowsOf<{ last: number | null }>(
      sql`select ${last} as last from ${executions} where ${executions.id} = ${id}`,
    );
    if (found) positions.set(id, found.last ?? 0);
  }
  const kept: Insert['rows'][number][] = [];
  for (const row of rows) {
    const last = positions.get(row.execution_id);
    if (last === undefined) continue;
    positions.set(row.execution_id, last + 1);
    kept.push({ ...row, ...(!counts && { position: last + 1 }) });
  }
  if (kept.length > 0) yield* insert('logs', kept);
}

export function logRow(entry: LogEntry): NewLogRow {
  const { execution_id, timestamp, level, message, data, step_id, index } = entry;
  return {
    execution_id: toText(execution_id),
    timestamp: toTime(timestamp, `The time of a log entry of the execution "${execution_id}"`),
    level,
    message: toText(message),
    data: data === undefined ? null : JSON.stringify(data),
    step_id: step_id === undefined ? null : toText(step_id),
    item: index ?? null,
  };
}

function logOf({ execution_id, timestamp, level, message, data, step_id, item }: LogRow): LogEntry {
  return {
    execution_id: fromText(execution_id),
    timestamp: fromTime(timestamp),
    level: level as LogLevel,
    message: fromText(message),
    ...(data !== null && { data: JSON.parse(data) as JsonValue }),
    ...(step_id !== null && { step_id: fromText(step_id) }),
    ...(item !== null && { index: item }),
  };
}
