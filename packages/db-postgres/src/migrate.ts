import { VwmpError } from '@vwmp/core';
import { type Migration, migrationFailed, pendingMigrations, postgresMigrations } from 'db-common';
import type { Connection } from './connection/connection.ts';
import { ConnectionLost } from './connection/connection.ts';
import { codeOf } from './connection/errors.ts';
import { texts } from './connection/values.ts';
import { rollBack } from './runner.ts';

/** A table that is rewritten may take its time. */
const migrationTimeout = 3_600_000;
const oldestVersion = 150_000;

/**
 * Ids of the migrations that were carried out, oldest first.
 *
 * @throws STORE_UNAVAILABLE when the server is of no use
 */
export async function appliedMigrations(
  connection: Connection,
  schema: string,
  timeout: number,
): Promise<string[]> {
  const [answer] = await connection.run(
    [
      {
        text: `select current_setting('server_version_num')::int, current_setting('server_encoding'),
          exists (select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = 'migrations')::text`,
        values: [schema],
      },
    ],
    timeout,
  );
  const [version, encoding, there] = answer!.rows[0]!;
  if (Number(version) < oldestVersion)
    throw unfit(`is of version ${Math.floor(Number(version) / 10_000)}. Use 15 or newer.`);
  if (encoding !== 'UTF8')
    throw unfit(`keeps texts as ${encoding}. Create a database with the encoding UTF8.`);
  if (there !== 'true') return [];
  const [rows] = await connection.run([{ text: 'select id from migrations order by id' }], timeout);
  return rows!.rows.map(([id]) => id!);
}

/**
 * Carries out the migrations that are to come, all or nothing, and by one of those that try at the same time.
 *
 * @param known - all that there are
 * @param applied - reads the ids of those that were carried out
 * @param where - names the database
 * @returns their ids
 * @throws MIGRATION_FAILED, STORE_UNAVAILABLE; what the server says
 */
export async function migrate(
  connection: Connection,
  { schema, where, timeout }: { schema: string; where: string; timeout: number },
  known: readonly Migration[] = postgresMigrations,
  applied: typeof appliedMigrations = appliedMigrations,
): Promise<string[]> {
  const pending = async (): Promise<readonly Migration[]> =>
    pendingMigrations(known, await applied(connection, schema, timeout), where);
  if ((await pending()).length === 0) return [];

  let current = '';
  try {
    await connection.run('begin; set local statement_timeout = 0', timeout);
    await connection.run(
      [{ text: `select pg_advisory_xact_lock(hashtextextended($1, 4))`, values: [schema] }],
      migrationTimeout,
    );
    const migrations = await pending();
    if (migrations.length > 0) await makeSchema(connection, schema, timeout);
    for (const { id, sql } of migrations) {
      current = id;
      await connection.run(sql, migrationTimeout);
    }
    await connection.run(
      [
        {
          text: `insert into migrations (id, applied_at)
            select id, (extract(epoch from clock_timestamp()) * 1000)::bigint from unnest($1::text[]) as id`,
          values: [texts(migrations.map(({ id }) => id))],
        },
      ],
      timeout,
    );
    await connection.run('commit', timeout);
    return migrations.map(({ id }) => id);
  } catch (error) {
    await rollBack(connection, timeout);
    // Of what is away or forbidden the error tells more.
    const outside = error instanceof ConnectionLost || /^(08|42501|53|57|58)/.test(codeOf(error));
    throw current === '' || outside ? error : migrationFailed(current, where, error);
  }
}

async function makeSchema(connection: Connection, schema: string, timeout: number): Promise<void> {
  const [answer] = await connection.run(
    [{ text: 'select 1 from pg_namespace where nspname = $1', values: [schema] }],
    timeout,
  );
  // Asked first: "if not exists" needs the right to create even if it is there.
  const name = `"${schema.replaceAll('"', '""')}"`;
  if (answer!.count === 0) await connection.run(`create schema ${name}`, timeout);
  await connection.run(
    'create table if not exists migrations (id text collate "C" primary key, applied_at bigint not null)',
    timeout,
  );
}

function unfit(why: string): VwmpError {
  return new VwmpError('STORE_UNAVAILABLE', `The PostgreSQL server ${why}`, { retryable: false });
}
