import { copyFileSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { type Migration, sqliteMigrations } from 'db-common';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFile, type Place } from './connection/open-file.ts';
import { openDatabase } from './driver/open-database.ts';
import { migrate } from './migrate.ts';
import { createSqliteStorage } from './storage.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;
let place: Place;

const good: Migration = { id: '9001_good', sql: 'create table good (id text primary key)' };
const bad: Migration = { id: '9002_bad', sql: 'create table bad (id text); insert into nothing values (1)' };

describe.each(drivers)('%s', (driver) => {
  beforeEach(() => {
    folder = temporaryFolder();
    place = { path: join(folder, 'test.db'), synchronous: 'normal', patience: 30_000, driver };
  });
  afterEach(() => removeFolder(folder));

  /** A database of this version in which something is. */
  async function fillDatabase(): Promise<void> {
    const storage = createSqliteStorage({ path: place.path, driver });
    await storage.open();
    await storage.executions.append(creation('e1'));
    await storage.close();
  }

  async function migrateTo(...more: Migration[]): Promise<string[]> {
    const connection = await openFile(place);
    try {
      return await migrate(connection, place, [...sqliteMigrations, ...more]);
    } finally {
      connection.close();
    }
  }

  async function seqOf(path: string, id: string): Promise<number | undefined> {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    try {
      return (await storage.executions.get(id))?.seq;
    } finally {
      await storage.close();
    }
  }

  test('a database in which something is, is copied beside before it is migrated', async () => {
    await fillDatabase();
    expect(readdirSync(folder)).toEqual(['test.db']);
    expect(await migrateTo(good)).toEqual(['9001_good']);
    const copy = `${place.path}-before-9001_good`;
    expect(readdirSync(folder).sort()).toEqual(['test.db', 'test.db-before-9001_good']);
    expect(await seqOf(copy, 'e1')).toBe(1);
  });

  test('one that was gone back to is copied anew when it is migrated again', async () => {
    await fillDatabase();
    await migrateTo(good);
    const copy = `${place.path}-before-9001_good`;
    copyFileSync(copy, place.path);
    const storage = createSqliteStorage({ path: place.path, driver });
    await storage.open();
    await storage.executions.append(creation('e2'));
    await storage.close();
    // As if all that had been an hour ago.
    const past = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
    utimesSync(copy, past(2), past(2));
    utimesSync(place.path, past(1), past(1));
    await expect(migrateTo(good, bad)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(readdirSync(folder).sort()).toEqual(['test.db', 'test.db-before-9001_good']);
    await migrateTo(good);
    expect(await seqOf(copy, 'e2')).toBeUndefined();
    expect(await seqOf(`${copy}-2`, 'e2')).toBe(1);
  });

  test('one that is migrated again and again is copied twice at most', async () => {
    await fillDatabase();
    await migrateTo(good);
    const copy = `${place.path}-before-9001_good`;
    const future = (n: number): Date => new Date(Date.now() + n * 60_000);
    for (let n = 1; n < 4; n++) {
      copyFileSync(copy, place.path);
      // As if somebody had begun to write a moment before.
      utimesSync(place.path, future(n), future(n));
      for (const old of [copy, `${copy}-2`].filter(existsSync)) utimesSync(old, future(-n), future(-n));
      await migrateTo(good);
    }
    expect(readdirSync(folder).sort()).toEqual([
      'test.db',
      'test.db-before-9001_good',
      'test.db-before-9001_good-2',
    ]);
  });

  test('a new database is not copied', async () => {
    const storage = createSqliteStorage({ path: place.path, driver });
    await storage.open();
    await storage.close();
    expect(readdirSync(folder)).toEqual(['test.db']);
  });

  test('a migration that fails changes nothing, says why, and the version before goes on', async () => {
    await fillDatabase();
    const error = await migrateTo(good, bad).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', details: { migration: '9002_bad' } });
    expect((error as Error).message).toContain(place.path);
    expect((error as Error).message).toContain('nothing');
    const database = await openDatabase(place.path, { driver });
    expect(database.prepare("select name from sqlite_master where name in ('good', 'bad')").all()).toEqual(
      [],
    );
    database.close();
    expect(await seqOf(place.path, 'e1')).toBe(1);
    // Trying again does not fill the disk with copies.
    await expect(migrateTo(good, bad)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(readdirSync(folder).filter((file) => file.includes('before'))).toHaveLength(1);
  });

  test('a migration that leaves rows that refer to nothing fails', async () => {
    await fillDatabase();
    const orphan: Migration = {
      id: '9001_orphan',
      sql: "insert into fires (schedule_id, at, outcome, decided_at) values ('nobody', 1, 'started', 1)",
    };
    const error = await migrateTo(orphan).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect((error as Error).message).toContain('fires');
  });

  test('a table can be rebuilt without losing what refers to it', async () => {
    const storage = createSqliteStorage({ path: place.path, driver });
    await storage.open();
    const draft = { id: 'w', name: 'W', type: 'generic', version: '1.0.0', text: 'text' };
    await storage.workflows.save(draft, undefined);
    await storage.close();
    const rebuilt: Migration = {
      id: '9001_rebuilt',
      sql: `create table __new_workflows as select * from workflows;
      drop table workflows;
      create table workflows (id text primary key not null, name text not null, type text not null, version text not null,
        text text not null, rev text not null, updated_at integer not null, number integer not null);
      insert into workflows select * from __new_workflows;
      drop table __new_workflows;`,
    };
    await migrateTo(rebuilt);
    const database = await openDatabase(place.path, { driver });
    expect(database.prepare('select count(*) from workflow_versions').pluck().get()).toBe(1);
    database.close();
  });

  test('of several that migrate at the same time one does it', async () => {
    await fillDatabase();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => migrateTo(good)));
    expect(outcomes.flat()).toEqual(['9001_good']);
  });

  test('a database of a newer version is refused, and left as it is', async () => {
    await fillDatabase();
    await migrateTo(good);
    const before = readFileSync(place.path);
    const storage = createSqliteStorage({ path: place.path, driver });
    const error = await storage.open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', retryable: false });
    expect((error as Error).message).toContain('newer version');
    await expect(storage.maintenance!.status()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await storage.close();
    expect(readFileSync(place.path).equals(before)).toBe(true);
  });

  test('asking for the state of a database that is not there makes none', async () => {
    const storage = createSqliteStorage({ path: place.path, driver });
    expect((await storage.maintenance!.status()).applied).toEqual([]);
    await expect(storage.maintenance!.tables()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(existsSync(place.path)).toBe(false);
    await storage.close();
  });
});
