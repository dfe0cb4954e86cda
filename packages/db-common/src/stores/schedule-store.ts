import type { Fire, JsonObject, ScheduleRecord, ScheduleStore } from '@vwmp/core';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import { insert, rowsOf, type Steps } from '../query/steps.ts';
import type { FireRow, ScheduleRow } from '../schema/tables.ts';
import { pageLimit, pageOf, readCursor } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime, toTime } from '../values/time.ts';
import type { StoreParts } from './parts.ts';

/** Of each schedule so many fires stay. */
const mostFires = 1000;

/** Keeps schedules and their fires in a database. */
export function createScheduleStore({ gate, runner, dialect }: StoreParts): ScheduleStore {
  const { schedules, fires } = dialect.tables;

  const locked = function* (id: string): Steps<Pick<ScheduleRow, 'decided_until'> | undefined> {
    const [row] = yield* rowsOf<Pick<ScheduleRow, 'decided_until'>>(
      sql`select ${schedules.decided_until} from ${schedules} where ${schedules.id} = ${id} ${dialect.lock}`,
    );
    return row;
  };

  return {
    open: gate.open,
    close: gate.close,
    get(id) {
      return gate.run(() =>
        runner.read(function* () {
          const [row] = yield* rowsOf<ScheduleRow>(
            sql`select * from ${schedules} where ${schedules.id} = ${toText(id)}`,
          );
          return row && scheduleOf(row);
        }),
      );
    },
    list(query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'string');
          const { workflow_id } = query;
          const where =
            workflow_id === undefined ? undefined : eq(schedules.workflow_id, toText(workflow_id));
          const rest = and(where, cursor && gt(schedules.id, cursor[0]));
          const rows = yield* rowsOf<ScheduleRow>(
            sql`select * from ${schedules} ${clause(rest)} order by ${schedules.id} limit ${limit + 1}`,
          );
          const count = yield* countWhere(schedules, where);
          return pageOf(rows, limit, count, ({ id }) => [id], scheduleOf);
        }),
      );
    },
    put(schedule) {
      return gate.run(async () => {
        const row = scheduleRow(schedule);
        await runner.write(function* () {
          // Added first: of two that add it at the same time the second one then finds it.
          if ((yield* insert('schedules', [{ ...row }], 'ignore')) > 0) return;
          const before = yield* locked(row.id);
          const decided_until = Math.max(row.decided_until, before?.decided_until ?? row.decided_until);
          const { id, workflow_id, timezone, overlap, catchup, parameters, paused } = row;
          const to = (name: keyof ScheduleRow, value: string | number) =>
            sql`${sql.identifier(name)} = ${value}`;
          const changes = [
            to('workflow_id', workflow_id),
            to('schedule', row.schedule),
            to('timezone', timezone),
            to('overlap', overlap),
            to('catchup', catchup),
            to('parameters', parameters),
            to('paused', paused),
            to('decided_until', decided_until),
          ];
          yield sql`update ${schedules} set ${sql.join(changes, sql`, `)} where ${schedules.id} = ${id}`;
        });
      });
    },
    remove(id) {
      return gate.run(async () => {
        await runner.write(function* () {
          yield sql`delete from ${schedules} where ${schedules.id} = ${toText(id)}`;
        });
      });
    },
    decide(id, from, until, decided) {
      return gate.run(async () => {
        const since = toTime(from, 'The beginning of what was decided');
        const to = Math.max(toTime(until, 'The end of what was decided'), since);
        const rows = decided.map((fire) => ({ ...fireRow(fire), schedule_id: toText(id) }));
        return await runner.write(function* () {
          const before = yield* locked(toText(id));
          if (before?.decided_until !== since) return false;
          yield sql`update ${schedules} set decided_until = ${to} where ${schedules.id} = ${toText(id)}`;
          if (rows.length === 0) return true;
          yield* insert('fires', rows, 'replace');
          const oldest = sql`select ${fires.at} from ${fires} where ${fires.schedule_id} = ${toText(id)} order by ${fires.at} desc limit 1 offset ${mostFires - 1}`;
          yield sql`delete from ${fires} where ${fires.schedule_id} = ${toText(id)} and ${fires.at} < (${oldest})`;
          return true;
        });
      });
    },
    fires(id, query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'number');
          const where = eq(fires.schedule_id, toText(id));
          const rest = and(where, cursor && lt(fires.at, cursor[0]));
          const rows = yield* rowsOf<FireRow>(
            sql`select * from ${fires} ${clause(rest)} order by ${fires.at} desc limit ${limit + 1}`,
          );
          const count = yield* countWhere(fires, where);
          return pageOf(rows, limit, count, ({ at }) => [at], fireOf);
        }),
      );
    },
  };
}

function scheduleRow(record: ScheduleRecord): ScheduleRow {
  const { id, workflow_id, schedule, timezone, overlap, catchup, parameters, paused, decided_until } = record;
  return {
    id: toText(id),
    workflow_id: toText(workflow_id),
    schedule: toText(schedule),
    timezone: toText(timezone),
    overlap,
    catchup,
    parameters: JSON.stringify(parameters),
    paused: paused ? 1 : 0,
    decided_until: toTime(decided_until, `How far the schedule "${id}" is decided`),
  };
}

function scheduleOf(row: ScheduleRow): ScheduleRecord {
  return {
    id: fromText(row.id),
    workflow_id: fromText(row.workflow_id),
    schedule: fromText(row.schedule),
    timezone: fromText(row.timezone),
    overlap: row.overlap as ScheduleRecord['overlap'],
    catchup: row.catchup as ScheduleRecord['catchup'],
    parameters: JSON.parse(row.parameters) as JsonObject,
    paused: row.paused !== 0,
    decided_until: fromTime(row.decided_until),
  };
}

function fireRow({ schedule_id, at, outcome, reason, execution_id, decided_at }: Fire): FireRow {
  return {
    schedule_id: toText(schedule_id),
    at: toTime(at, `The instant of a fire of the schedule "${schedule_id}"`),
    outcome,
    reason: reason === undefined ? null : toText(reason),
    execution_id: execution_id === undefined ? null : toText(execution_id),
    decided_at: toTime(decided_at, `The time of a decision about the schedule "${schedule_id}"`),
  };
}

function fireOf({ schedule_id, at, outcome, reason, execution_id, decided_at }: FireRow): Fire {
  return {
    schedule_id: fromText(schedule_id),
    at: fromTime(at),
    outcome: outcome as Fire['outcome'],
    ...(reason !== null && { reason: fromText(reason) }),
    ...(execution_id !== null && { execution_id: fromText(execution_id) }),
    decided_at: fromTime(decided_at),
  };
}
