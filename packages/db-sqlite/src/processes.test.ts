import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './driver/open-database.ts';
import { createSqliteStorage } from './storage.ts';
import { outputOf, startChild } from './testing/child.ts';
import { drivers } from './testing/drivers.ts';
import { removeFolder, temporaryFolder } from './testing/place.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'test.db');
});
afterEach(() => removeFolder(folder));

interface Line {
  id?: string;
  seq?: number;
  done?: boolean;
  failed?: unknown;
}

test('eight processes on one file, four by each driver, carry out each execution once, and none hears of a lock', {
  timeout: 300_000,
}, async () => {
  const storage = createSqliteStorage({ path });
  await storage.open();
  const ids = Array.from({ length: 400 }, (_, n) => `e${n}`);
  await Promise.all(ids.map((id) => storage.executions.append({ ...creation(id), wake_at: undefined })));
  const children = Array.from({ length: 8 }, (_, n) =>
    startChild('work', [path, `w${n}`, String(ids.length)], { driver: drivers[n % 2] }),
  );
  const outputs = (await Promise.all(children.map(outputOf))) as Line[][];
  for (const output of outputs) expect(output.at(-1)).toEqual({ done: true });
  const confirmed = outputs.flat().filter(({ id }) => id !== undefined);
  expect(confirmed).toHaveLength(ids.length * 4);
  expect(new Set(confirmed.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(ids.length * 4);
  expect((await storage.executions.list({ status: ['success'] })).count).toBe(ids.length);
  expect(await storage.maintenance!.check()).toEqual([]);
  await storage.close();
});

test('eight processes that open a new file at once, four by each driver, can all use it', {
  timeout: 300_000,
}, async () => {
  const children = Array.from({ length: 8 }, (_, n) =>
    startChild('open', [path], { driver: drivers[n % 2] }),
  );
  for (const output of await Promise.all(children.map(outputOf))) expect(output).toEqual([{ opened: true }]);
  const storage = createSqliteStorage({ path });
  await storage.open();
  expect((await storage.audit.list()).count).toBe(8);
  await storage.close();
});

test.each(drivers)(
  '%s: who waits for another process that holds the file goes on with the rest meanwhile',
  async (driver) => {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    const other = await openDatabase(path, { driver });
    other.exec('begin immediate');
    let settled = false;
    const append = storage.executions.append(creation('e1')).finally(() => {
      settled = true;
    });
    // Reading does not wait, and turns of the event loop go by.
    for (let turn = 0; turn < 20; turn++) expect((await storage.executions.list()).count).toBe(0);
    expect(settled).toBe(false);
    other.exec('commit');
    other.close();
    await append;
    expect((await storage.executions.list()).count).toBe(1);
    await storage.close();
  },
);

test.each(drivers)(
  '%s: a file that stays locked for longer than one is willing to wait is an error that says so',
  async (driver) => {
    const storage = createSqliteStorage({ path, driver, patience: 50 });
    await storage.open();
    const other = await openDatabase(path, { driver });
    other.exec('begin immediate');
    const error = await storage.executions.append(creation('e1')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect((error as Error).message).toContain('Other processes keep writing to it');
    expect((error as Error).message).not.toContain('database is locked');
    other.exec('commit');
    other.close();
    await storage.executions.append(creation('e1'));
    await storage.close();
  },
);
