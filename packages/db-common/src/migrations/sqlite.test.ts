import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pendingStatements } from '../../scripts/pending.ts';
import { tableList } from '../schema/tables.ts';
import { neutralSchema } from '../testing/neutral-schema.ts';
import { readSqliteSchema } from '../testing/read-sqlite-schema.ts';
import { historyArb } from '../testing/schemas.ts';
import { sqliteMigrations } from './sqlite.ts';

const folder = new URL('../../migrations/sqlite/', import.meta.url);

function withDatabase<T>(work: (database: Database.Database) => T): T {
  const database = new Database(':memory:');
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Everything that is in a database, but for the rows. */
function dump(database: Database.Database): string {
  const statements = database
    .prepare(
      "select sql from sqlite_master where sql is not null and name not like 'errors_%' order by type, name",
    )
    .pluck()
    .all() as string[];
  return `${statements.join(';\n\n')};\n`;
}

const migrated = (): string =>
  withDatabase((database) => {
    for (const { sql } of sqliteMigrations) database.exec(sql);
    return dump(database);
  });

test('the migrations make the committed schema', async () => {
  await expect(migrated()).toMatchFileSnapshot(new URL('schema.sql', folder).pathname);
});

test('the migrations make what the tables describe', async () => {
  const { statements } = await pendingStatements('sqlite', undefined);
  const made = withDatabase((database) => {
    for (const statement of statements) database.exec(statement);
    return dump(database);
  });
  expect(migrated()).toBe(made);
});

test('no migration is missing: run "npm run generate" after a change of the tables', async () => {
  const snapshot: unknown = JSON.parse(readFileSync(new URL('snapshot.json', folder), 'utf8'));
  expect((await pendingStatements('sqlite', snapshot)).statements).toEqual([]);
});

test('what is embedded is what is committed', () => {
  for (const { id, sql } of sqliteMigrations) {
    expect(sql).toBe(readFileSync(new URL(`${id}.sql`, folder), 'utf8'));
  }
});

test('property 3, for SQLite: every migration leaves the schema that is described', async () => {
  withDatabase((database) => {
    for (const { sql } of sqliteMigrations) database.exec(sql);
    expect(readSqliteSchema(database)).toEqual(neutralSchema(tableList));
  });
  await fc.assert(
    fc.asyncProperty(historyArb, async (history) => {
      const database = new Database(':memory:');
      try {
        let snapshot: unknown;
        for (const tables of history) {
          const pending = await pendingStatements('sqlite', snapshot, tables);
          snapshot = pending.snapshot;
          for (const statement of pending.statements) database.exec(statement);
          expect(readSqliteSchema(database)).toEqual(neutralSchema(tables));
        }
      } finally {
        database.close();
      }
    }),
    { numRuns: 100 },
  );
});
