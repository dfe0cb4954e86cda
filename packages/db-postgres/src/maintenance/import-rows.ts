import type { JsonObject } from '@vwmp/core';
import { type AnyTable, checkRows, type MovedRow, movedTable, tables } from 'db-common';
import type { Statement } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { lockStatement } from '../executions/lock.ts';
import { transact } from '../executions/transact.ts';
import { insertStatement } from '../runner.ts';
import { Sql, slot, type Type } from '../sql.ts';

/** Adds rows that came from another database; those that are there already are replaced. All or none. */
export async function importRows(pool: Pool, name: string, rows: readonly JsonObject[]): Promise<void> {
  const table = movedTable(name);
  const checked = checkRows(table, rows);
  if (checked.length === 0) return;
  if (table === 'executions') {
    const ids = checked.map((row) => String(row.id));
    await transact(pool, [lockStatement({ ids }), importExecutions(checked)]);
    return;
  }
  const statements = [insertStatement({ into: table, rows: checked, conflict: 'replace' })];
  const { columns }: AnyTable = tables[table];
  for (const [column, { kind }] of Object.entries(columns)) {
    if (kind !== 'serial') continue;
    // The next one that is added comes after all of them.
    const highest = Math.max(...checked.map((row) => Number(row[column])));
    statements.push({
      text: `select setval(pg_get_serial_sequence('${tables[table].name}', '${column}'), $1::bigint)
        where $1::bigint > (select last_value from ${tables[table].name}_${column}_seq)`,
      values: [highest],
    });
  }
  await transact(pool, statements);
}

/** Locked ones. They are in the lists and counted at once. */
function importExecutions(rows: readonly MovedRow[]): Statement {
  const sql = new Sql('import_executions');
  const types: Record<string, Type> = {};
  for (const column of Object.keys(rows[0]!)) {
    const { kind } = (tables.executions as AnyTable).columns[column]!;
    types[column] = kind === 'text' || kind === 'json' ? 'text' : 'bigint';
  }
  sql.given('given', types, rows);
  const names = Object.keys(types);
  sql.with(
    'before',
    () => 'select e.workflow_id, e.status from executions as e join given as g on g.id = e.id',
  );
  sql.with(
    'imported',
    () => `insert into executions (${names.join(', ')}, listed) select ${names.join(', ')}, started_at from given order by i
      on conflict (id) do update set ${[...names, 'listed'].map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  return sql.end(
    () => `insert into tallies as t (workflow_id, status, slot, n)
      select workflow_id, status, ${slot}, sum(step) from (
        select workflow_id, status, 1 as step from given union all select workflow_id, status, -1 from before) as steps
      group by 1, 2 having sum(step) <> 0 order by 1, 2
      on conflict (workflow_id, status, slot) do update set n = t.n + excluded.n`,
  );
}
