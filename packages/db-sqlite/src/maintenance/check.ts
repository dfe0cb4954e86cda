import { VwmpError } from '@vwmp/core';
import { findContradictions } from 'db-common';
import { sqliteDialect } from '../dialect.ts';
import type { Session } from '../session.ts';

/** What holds in SQLite only. */
const rules: readonly [name: string, broken: string][] = [
  [
    'is in no list',
    "e.listed is null and e.n <= coalesce((select value from marks where name = 'listed'), 0)",
  ],
];

/** What is damaged or contradicts itself, for people. One table is looked at at a time, and others get their turn in between. */
export async function checkDatabase({ connection, reader, writer, runner }: Session): Promise<string[]> {
  const { database } = connection;
  const names = database
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[];
  const problems: string[] = [];
  for (const name of names) {
    const found = await reader.read(
      () => database.pragma(`integrity_check("${name}")`) as { integrity_check: string }[],
    );
    for (const { integrity_check: text } of found)
      if (text !== 'ok') problems.push(`Table "${name}": ${text}`);
  }
  // What is damaged does not need to make sense.
  if (problems.length > 0) return problems;
  const broken = await reader.read(
    () => database.pragma('foreign_key_check') as { table: string; parent: string }[],
  );
  for (const { table, parent } of broken.slice(0, 20))
    problems.push(`A row of "${table}" refers to one of "${parent}" that is not there.`);
  try {
    // Compares the words with the executions; it has to be written as an insert, and inserts nothing.
    await writer.add(
      () => database.exec("insert into errors (errors, rank) values ('integrity-check', 1)"),
      true,
    );
  } catch (error) {
    const { code = '' } = (error as { details?: { code?: string } }).details ?? {};
    if (!(error instanceof VwmpError) || code.startsWith('SQLITE_CORRUPT'))
      problems.push('The search for errors does not know what the executions say.');
    // Whoever cannot write, as another process keeps the lock or the file is read-only, has found no damage in it.
    else if (problems.length === 0) throw error;
  }
  return [...problems, ...(await runner.read(() => findContradictions(sqliteDialect, rules)))];
}
