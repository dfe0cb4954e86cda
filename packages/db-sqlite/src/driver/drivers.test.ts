import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { outputOf, startChild } from '../testing/child.ts';
import { drivers } from '../testing/drivers.ts';
import { removeFolder, temporaryFolder } from '../testing/place.ts';
import type { SqliteDriver } from './choose.ts';
import { sqliteCode } from './codes.ts';
import type { Database } from './driver.ts';
import { openDatabase } from './open-database.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

describe.each(drivers)('%s', (driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase(join(folder, 'test.db'), { driver });
    database.exec('create table t (a integer primary key, b text, c)');
  });
  afterEach(() => database.close());

  test('gives rows as plain objects, and values when they are plucked', () => {
    const add = database.prepare('insert into t (b, c) values (?, ?)');
    expect(add.reader).toBe(false);
    expect(add.run('x', null)).toMatchObject({ changes: 1, lastInsertRowid: 1 });
    expect(add.run('y', 0.5).lastInsertRowid).toBe(2);
    const all = database.prepare('select a, b, c from t order by a');
    expect(all.reader).toBe(true);
    expect(all.all()).toStrictEqual([
      { a: 1, b: 'x', c: null },
      { a: 2, b: 'y', c: 0.5 },
    ]);
    expect(all.get()).toStrictEqual({ a: 1, b: 'x', c: null });
    const one = database.prepare('select b from t where a = :a').pluck();
    expect([one.get({ a: 2 }), one.get({ a: 3 }), one.all({ a: 1 })]).toEqual(['y', undefined, ['x']]);
    expect(database.prepare('delete from t where a = ? returning b').get(1)).toStrictEqual({ b: 'x' });
    expect(database.prepare('delete from t').run().changes).toBe(1);
  });

  test('undoes a transaction that is open, and closes twice', () => {
    database.rollback();
    database.exec("begin; insert into t (b) values ('x')");
    database.rollback();
    expect(database.prepare('select count(*) from t').pluck().get()).toBe(0);
    database.close();
    database.close();
  });

  test.each([
    ['insert into t (a) values (1); insert into t (a) values (1)', 'SQLITE_CONSTRAINT'],
    ['select * from nothing', 'SQLITE_ERROR'],
    ["insert into t (a) values ('x')", 'SQLITE_MISMATCH'],
    ['pragma query_only = on; delete from t', 'SQLITE_READONLY'],
    ['pragma max_page_count = 1; insert into t (b) values (hex(zeroblob(9999)))', 'SQLITE_FULL'],
    ['insert into t (b) values (zeroblob(2000000000))', 'SQLITE_TOOBIG'],
  ])('says what SQLite says: %s', (text, code) => {
    let error: unknown;
    try {
      database.exec(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(sqliteCode(error)).toMatch(new RegExp(`^${code}`));
  });

  test('makes no file where there has to be one', async () => {
    const path = join(folder, 'nothing.db');
    await expect(openDatabase(path, { driver, existing: true })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('what is no error of SQLite has no code of it', () => {
  expect(sqliteCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
  expect(sqliteCode(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode: 99 }))).toBe(
    'SQLITE_ERROR',
  );
  expect(sqliteCode('SQLITE_BUSY')).toBeUndefined();
});

describe('without better-sqlite3', () => {
  /** Opens a file where it is not installed. @param more - what is done before */
  async function open(driver: SqliteDriver | undefined, more = ''): Promise<unknown[]> {
    const hooks = `import { registerHooks } from 'node:module'; ${more} registerHooks({ resolve(name, context, next) {
      if (name === 'better-sqlite3') throw Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context); } });`;
    const within = [process.execPath, '-e', start, `data:text/javascript,${encodeURIComponent(hooks)}`];
    return outputOf(startChild('open', [join(folder, 'test.db')], { driver, within }));
  }

  test('it is named where it is asked for, and so is what to do', async () => {
    expect(await open('better-sqlite3')).toEqual([
      { code: 'PACKAGE_MISSING', message: expect.stringContaining('npm install better-sqlite3') },
    ]);
  });

  test('Node has its own, about which it warns when it is old', async () => {
    expect(await open(undefined)).toEqual([{ opened: true }]);
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, sqlite: '3.50.4' } });`;
    expect(await open(undefined, old)).toEqual([
      {
        warning: expect.stringMatching(
          /has SQLite 3\.50\.4: .* Use a newer Node, or install better-sqlite3\./,
        ),
      },
      { opened: true },
    ]);
  });
});

/** Runs a command of Node with one more import. */
const start = `const [hooks, node, ...rest] = process.argv.slice(1);
const { status } = require('node:child_process').spawnSync(node, ['--import', hooks, ...rest], { stdio: 'inherit' });
process.exit(status);`;
