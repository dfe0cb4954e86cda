import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import type { Storage } from '@vwmp/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from './driver/open-database.ts';
import { createSqliteStorage } from './storage.ts';
import { outputOf, startChild } from './testing/child.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

const windows = process.platform === 'win32';

let folder: string;
let path: string;
let storage: Storage;

describe.each(drivers)('%s', (driver) => {
  beforeEach(async () => {
    folder = temporaryFolder();
    path = join(folder, 'test.db');
    storage = createSqliteStorage({ path, driver });
    await storage.open();
  });
  afterEach(async () => {
    await storage.close();
    removeFolder(folder);
  });

  /** Executions that have ended, each with a history of some size. */
  async function fill(many: number): Promise<void> {
    const large = (id: string) => {
      const append = creation(id);
      return { ...append, events: append.events.map((event) => ({ ...event, trigger: 'x'.repeat(10_000) })) };
    };
    for (let n = 0; n < many; n += 50) {
      const ids = Array.from({ length: 50 }, (_, index) => `e${n + index}`);
      await Promise.all(ids.map((id) => storage.executions.append(large(id))));
      await Promise.all(
        ids.map((id, index) => storage.executions.append(completion(id, 1, { at: n + index }))),
      );
    }
  }

  test('the file shrinks when executions are pruned, and is as small as it can be when it is compacted', async () => {
    await fill(2000);
    await storage.maintenance!.compact();
    const full = statSync(path).size;
    expect(await storage.executions.prune({ max_count: 100 }, Date.now(), 10_000)).toBe(1900);
    await storage.maintenance!.compact();
    expect(statSync(path).size).toBeLessThan(full / 5);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(await storage.maintenance!.compact()).toBe(0);
    expect(await storage.maintenance!.check()).toEqual([]);
  });

  test('pruning alone gives most of the room back', async () => {
    await fill(2000);
    await storage.close();
    const full = statSync(path).size;
    storage = createSqliteStorage({ path, driver });
    await storage.open();
    await storage.executions.prune({ max_count: 0 }, Date.now(), 10_000);
    await storage.close();
    expect(statSync(path).size).toBeLessThan(full / 3);
    storage = createSqliteStorage({ path, driver });
  });

  test('documents go with the last execution that refers to them', async () => {
    const count = async (): Promise<number> => {
      const database = await openDatabase(path, { driver });
      try {
        return database.prepare('select count(*) from documents').pluck().get() as number;
      } finally {
        database.close();
      }
    };
    const other = { ...creation('e3'), document: { id: 'other', name: 'Other', steps: [] } };
    for (const append of [creation('e1'), creation('e2'), other]) await storage.executions.append(append);
    expect(await count()).toBe(2);
    for (const id of ['e1', 'e3']) await storage.executions.append(completion(id, 1));
    await storage.executions.prune({ max_count: 0 }, Date.now(), 10);
    expect(await count()).toBe(1);
    await storage.executions.append(completion('e2', 1));
    await storage.executions.prune({ max_count: 0 }, Date.now(), 10);
    expect(await count()).toBe(0);
  });

  test('a backup is a database of its own, while somebody goes on writing', async () => {
    await fill(200);
    const target = join(folder, 'copy.db');
    let n = 0;
    let done = false;
    const backup = storage.maintenance!.backup(target).finally(() => {
      done = true;
    });
    while (!done) await storage.executions.append(creation(`during-${n++}`));
    await backup;
    const copy = createSqliteStorage({ path: target, driver });
    await copy.open();
    const { count } = await copy.executions.list({ status: ['success'] });
    expect(count).toBe(200);
    expect(await copy.maintenance!.check()).toEqual([]);
    await copy.close();
    expect(existsSync(target)).toBe(true);
  });

  test.skipIf(windows)('a backup is for nobody who may not read the database', async () => {
    for (const mode of [0o600, 0o640, 0o644]) {
      chmodSync(path, mode);
      const target = join(folder, `${mode}.db`);
      await storage.maintenance!.backup(target);
      expect(statSync(target).mode & 0o777 & ~mode).toBe(0);
    }
  });

  // Only root can give a file to any group.
  test.skipIf(process.getuid?.() !== 0)(
    'nor for the group of whoever makes it, where that is another one',
    async () => {
      chownSync(path, 0, 1234);
      chmodSync(path, 0o640);
      const target = join(folder, 'group.db');
      await storage.maintenance!.backup(target);
      expect(statSync(target)).toMatchObject({ gid: 0, mode: 0o100600 });
    },
  );

  test('whoever opens it while it is in use, for a backup or as a second storage, takes no lock away', async () => {
    await storage.executions.append(creation('e1'));
    await storage.maintenance!.backup(join(folder, 'copy.db'));
    const second = createSqliteStorage({ path, driver });
    await second.open();
    await second.close();
    // Another program, which removes the log when nobody seems to use the database.
    const program = `const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(path)});
      console.log(database.prepare('select count(*) as n from executions').get().n);
      database.close();`;
    const look = (): string =>
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', program], {
        encoding: 'utf8',
      });
    expect(look()).toBe('1\n');
    expect(existsSync(`${path}-wal`)).toBe(true);
    await storage.executions.append(creation('e2'));
    expect(look()).toBe('2\n');
    expect(await storage.maintenance!.check()).toEqual([]);
  });

  test('a backup beside the log of the database that was there before is refused, and taken without it', async () => {
    await storage.executions.append(creation('e1'));
    const backup = join(folder, 'copy.db');
    await storage.maintenance!.backup(backup);
    await storage.executions.append(creation('e2'));
    // As a process leaves it that is killed.
    const restored = join(folder, 'restored.db');
    copyFileSync(`${path}-wal`, `${restored}-wal`);
    copyFileSync(backup, restored);
    const next = createSqliteStorage({ path: restored, driver });
    const refusal = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining(`remove ${restored}-wal`) };
    await expect(next.open()).rejects.toMatchObject(refusal);
    await expect(next.maintenance!.backup(join(folder, 'another.db'))).rejects.toMatchObject(refusal);
    await expect(next.maintenance!.tables()).rejects.toMatchObject(refusal);
    rmSync(`${restored}-wal`);
    await next.open();
    expect(await next.executions.get('e1')).toBeDefined();
    expect(await next.executions.get('e2')).toBeUndefined();
    expect(await next.maintenance!.check()).toEqual([]);
    // It has a log of its own now, which others find.
    await next.executions.append(creation('e3'));
    const other = createSqliteStorage({ path: restored, driver });
    await other.open();
    expect(await other.executions.get('e3')).toBeDefined();
    await other.close();
    await next.close();
  });

  test.skipIf(windows)('a backup that fails leaves nothing behind', async () => {
    await fill(200);
    const target = join(folder, 'copies', 'copy.db');
    mkdirSync(join(folder, 'copies'));
    const within = ['/bin/sh', '-c', 'ulimit -f 500 && exec "$0" "$@"'];
    const child = startChild('backup', [path, target], { driver, within });
    const [error, files] = (await outputOf(child)) as [{ code: string; message: string }, string[]];
    expect(files).toEqual([]);
    expect(error.message).toContain(target);
    // The other driver removes the file before anybody can look why it was not written.
    if (driver === 'node:sqlite') expect(error.message).toContain('ulimit -f');
  });

  // Root may do everything, so the test then becomes somebody else in another process.
  test.skipIf(windows)('a database that may not be written is named when it is backed up', async () => {
    await storage.close();
    const copies = join(folder, 'copies');
    mkdirSync(copies);
    chmodSync(copies, 0o777);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const output = await outputOf(startChild('backup', [path, join(copies, 'copy.db')], { driver, ...uid }));
    chmodSync(folder, 0o777);
    const message = expect.stringContaining(`${path} cannot be used`);
    expect(output).toEqual([{ code: 'STORE_UNAVAILABLE', message }, []]);
  });

  test.each([
    ['delete from events where execution_id = ? and seq = 2', 'has a gap in its events'],
    ['delete from events where execution_id = ?', 'has no events'],
    ['delete from documents where ? is not null', 'has no document'],
    ['update executions set inbox = 3 where id = ?', 'another number of messages'],
    ["update executions set owner = 'w', wake_at = 5 where id = ?", 'is owned and waits'],
    ['update executions set completed_at = 5, ready_since = 5 where id = ?', 'has ended and still waits'],
    ["insert into events values ('nobody-' || ?, 1, 1, '{}')", 'that is not there'],
    ['delete from executions where id = ?', 'that is not there'],
    ["update executions set status = 'failed' where id = ?", 'is wrong by'],
    ["insert into errors (rowid, error_words) values (length(?), 'word')", 'search for errors'],
    ['drop table if exists errors', 'search for errors'],
  ])('check finds: %s', async (damage, expected) => {
    for (const id of ['e1', 'e2']) {
      await storage.executions.append(creation(id));
      await storage.executions.append(progress(id, 1, 2));
    }
    // Pruning takes them into the lists and tallies.
    await storage.executions.prune({ max_count: 5 }, Date.now(), 1);
    expect(await storage.maintenance!.check()).toEqual([]);
    const database = await openDatabase(path, { driver });
    database.prepare(damage).run(...(damage.includes('?') ? ['e1'] : []));
    database.close();
    expect((await storage.maintenance!.check()).join('\n')).toContain(expected);
  });

  test('check takes a lock that another process keeps for no damage', async () => {
    await storage.executions.append(creation('e1'));
    const other = createSqliteStorage({ path, driver, patience: 10 });
    await other.open();
    const database = await openDatabase(path, { driver });
    database.exec('begin immediate');
    await expect(other.maintenance!.check()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('Other processes keep writing'),
    });
    database.exec('rollback');
    expect(await other.maintenance!.check()).toEqual([]);
    database.close();
    await other.close();
  });
});
