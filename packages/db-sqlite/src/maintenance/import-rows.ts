import type { JsonObject } from '@vwmp/core';
import { checkRows, type MovedRow, movedTable } from 'db-common';
import { type Changes, type CurrentStates, createCurrentStates } from '../executions/current.ts';
import type { Session } from '../session.ts';

/** Adds rows that came from another database; those that are there already are replaced. */
export async function importRows(
  { connection, writer, lists, known }: Session,
  name: string,
  rows: readonly JsonObject[],
): Promise<void> {
  const table = movedTable(name);
  const checked = checkRows(table, rows);
  if (table !== 'executions') {
    await writer.add(() => {
      connection.insert({ into: table, rows: checked, conflict: 'replace' });
      known.forget();
    }, true);
    return;
  }
  await writer.add(() => {
    const states = createCurrentStates(connection, lists, known);
    for (const row of checked)
      importExecution(states, row, () => connection.insert({ into: table, rows: [row] }));
    while (lists.takeIn());
    known.forget();
  }, true);
}

function importExecution(states: CurrentStates, row: MovedRow, add: () => void): void {
  const before = states.find(String(row.id));
  if (before) states.change(before, row as Changes);
  else add();
}
