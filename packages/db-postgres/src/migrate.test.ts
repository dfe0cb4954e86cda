import { readFileSync } from 'node:fs';
import { creation } from '@vwmp/adapter-tests/samples';
import { type Migration, postgresMigrations } from 'db-common';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
// Of what makes the migrations, which nobody needs at run time.
import { pendingStatements } from '../../db-common/scripts/pending.ts';
import { tableList } from '../../db-common/src/schema/tables.ts';
import { neutralSchema } from '../../db-common/src/testing/neutral-schema.ts';
import { historyArb } from '../../db-common/src/testing/schemas.ts';
import { type Connection, connect } from './connection/connection.ts';
import { readSettings } from './connection/settings.ts';
import { migrate } from './migrate.ts';
import { createPostgresStorage } from './storage.ts';
import { sql, temporaryDatabase } from './testing/place.ts';
import { dumpSchema, readSchema } from './testing/read-schema.ts';

const folder = new URL('../../db-common/migrations/postgres/', import.meta.url);
const timeout = 30_000;

let database: Awaited<ReturnType<typeof temporaryDatabase>>;
let connection: Connection;
let schemas = 0;

beforeAll(async () => {
  database = await temporaryDatabase();
  connection = await connect(readSettings(database.url), timeout);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** Makes a schema, which is gone afterwards. */
async function inSchema<T>(work: (schema: string) => Promise<T>): Promise<T> {
  const schema = `s${++schemas}`;
  await connection.run(`create schema ${schema}; set search_path to ${schema}`, timeout);
  try {
    return await work(schema);
  } finally {
    await connection.run(`drop schema ${schema} cascade`, timeout);
  }
}

async function execute(statements: readonly string[]): Promise<void> {
  for (const statement of statements) await connection.run(statement, timeout);
}

const migrated = (): Promise<string> =>
  inSchema(async (schema) => {
    await execute(postgresMigrations.map((migration) => migration.sql));
    return await dumpSchema(connection, schema);
  });

test('the migrations make the committed schema', async () => {
  await expect(await migrated()).toMatchFileSnapshot(new URL('schema.sql', folder).pathname);
});

test('the migrations make what the tables describe', async () => {
  const { statements } = await pendingStatements('postgres', undefined);
  const made = await inSchema(async (schema) => {
    await execute(statements);
    return await dumpSchema(connection, schema);
  });
  expect(await migrated()).toBe(made);
});

test('no migration is missing: run "npm run generate" after a change of the tables', async () => {
  const snapshot: unknown = JSON.parse(readFileSync(new URL('snapshot.json', folder), 'utf8'));
  expect((await pendingStatements('postgres', snapshot)).statements).toEqual([]);
});

test('what is embedded is what is committed', () => {
  for (const { id, sql: text } of postgresMigrations) {
    expect(text).toBe(readFileSync(new URL(`${id}.sql`, folder), 'utf8'));
  }
});

test('property 3, for PostgreSQL: every migration leaves the schema that is described', async () => {
  await inSchema(async (schema) => {
    await execute(postgresMigrations.map((migration) => migration.sql));
    expect(await readSchema(connection, schema)).toEqual(neutralSchema(tableList));
  });
  await fc.assert(
    fc.asyncProperty(historyArb, (history) =>
      inSchema(async (schema) => {
        let snapshot: unknown;
        for (const tables of history) {
          const pending = await pendingStatements('postgres', snapshot, tables);
          snapshot = pending.snapshot;
          await execute(pending.statements);
          expect(await readSchema(connection, schema)).toEqual(neutralSchema(tables));
        }
      }),
    ),
    { numRuns: 100 },
  );
});

const good: Migration = { id: '9001_good', sql: 'create table good (id text primary key)' };
const bad: Migration = { id: '9002_bad', sql: 'create table bad (id text); insert into nothing values (1)' };

test('a migration that fails leaves the old database usable, and nothing of those before it', async () => {
  const { url, drop } = await temporaryDatabase();
  const storage = createPostgresStorage({ url });
  await storage.open();
  await storage.executions.append(creation('e1'));
  const own = await connect(readSettings(url), timeout);
  const how = { schema: 'public', where: 'database "x"', timeout };
  const known = [...postgresMigrations, good, bad];
  await expect(migrate(own, how, known)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('"9002_bad" of the database "x" failed, and nothing was changed'),
  });
  expect(await sql(url, `select to_regclass('good'), to_regclass('bad')`)).toEqual([[null, null]]);
  expect((await storage.executions.get('e1'))?.seq).toBe(1);
  expect((await storage.maintenance!.status()).pending).toEqual([]);
  expect(await migrate(own, how, [...postgresMigrations, good])).toEqual(['9001_good']);

  // The older version does not touch what a newer one has left.
  const older = createPostgresStorage({ url });
  await expect(older.open()).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('9001_good'),
  });
  await older.close();
  await own.close();
  await storage.close();
  await drop();
});

test('a process that dies while it migrates leaves nothing, and holds nobody up', async () => {
  const { url, drop } = await temporaryDatabase();
  const dying = await connect(readSettings(url), timeout);
  const slow: Migration = { id: '0000_slow', sql: 'create table slow (id text); select pg_sleep(60)' };
  const how = { schema: 'public', where: 'x', timeout };
  const first = migrate(dying, how, [slow]).catch((error: Error) => error.name);
  await expect
    .poll(async () => (await sql(url, `select count(*) from pg_locks where locktype = 'advisory'`))[0])
    .toEqual(['1']);
  const storage = createPostgresStorage({ url });
  const opening = storage.open();
  await sql(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`,
  );
  expect(await first).toBe('ConnectionLost');
  await opening;
  expect((await storage.maintenance!.status()).pending).toEqual([]);
  expect(await sql(url, `select to_regclass('slow')`)).toEqual([[null]]);
  await storage.close();
  await dying.close();
  await drop();
});

test('schemas keep several installations apart in one database, whatever their names', async () => {
  const { url, drop } = await temporaryDatabase();
  const all = ['public', 'other', 'With "quotes" and spaces', 'ü'.repeat(31)].map((schema) =>
    createPostgresStorage({ url, schema }),
  );
  await Promise.all(all.map((storage) => storage.open()));
  for (const [n, { executions }] of all.entries()) {
    for (let i = 0; i <= n; i++) await executions.append(creation(`e${i}`));
  }
  for (const [n, { executions }] of all.entries()) expect((await executions.list()).count).toBe(n + 1);
  for (const { maintenance } of all) expect(await maintenance!.check()).toEqual([]);
  await Promise.all(all.map((storage) => storage.close()));
  await drop();
});

test('an ordinary role is enough where the schema is there and it may use it', async () => {
  const { url, drop } = await temporaryDatabase();
  await sql(url, 'create schema app; revoke create on schema public from public');
  const storage = createPostgresStorage({ url, schema: 'app' });
  await storage.open();
  expect(
    (await sql(inject('postgres'), 'select rolsuper from pg_roles where rolname = current_user'))[0],
  ).toEqual(['f']);
  await storage.close();
  await drop();
});
