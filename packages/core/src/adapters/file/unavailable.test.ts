import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { creation } from '../testing/samples.ts';
import { unfinishedPrefix } from './atomic-write.ts';
import { makeFolder } from './folders.ts';
import {
  createFileAuditStore,
  createFileExecutionStore,
  createFileStorage,
  createFileWorkflowStore,
} from './index.ts';
import { node } from './node.ts';
import { startChild } from './testing/child.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { touching } from './unavailable.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

test('a file where the folder should be is named, with what to do', async () => {
  const file = join(folder, 'workflows');
  writeFileSync(file, 'a file');
  const makers = [createFileWorkflowStore, createFileExecutionStore, createFileAuditStore, createFileStorage];
  for (const make of makers) {
    const store = make({ folder: file });
    const expected = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining(file) };
    await expect(store.open()).rejects.toMatchObject(expected);
    await expect(store.open()).rejects.toThrow('A file stands where a folder is needed');
    rmSync(file);
    // What was in the way is gone: it opens.
    await store.open();
    await store.close();
    rmSync(file, { recursive: true });
    writeFileSync(file, 'a file');
  }
});

test('a place where no folder can be made is named, and tried once only', async () => {
  const dangling = join(folder, 'link');
  symlinkSync(join(folder, 'nowhere'), dangling);
  const places = [join(dangling, 'below'), ...(process.platform === 'linux' ? ['/proc/vwmp'] : [])];
  for (const place of places) {
    const expected = {
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(place.replace(/.below$/, '')),
    };
    await expect(createFileStorage({ folder: place }).open()).rejects.toMatchObject(expected);
  }
  // What is missing above is made, by several at once too.
  const deep = join(folder, 'a', 'b', 'c');
  const stores = [1, 2, 3].map(() => createFileStorage({ folder: deep }));
  await Promise.all(stores.map((store) => store.open()));
  await stores[0]!.executions.append(creation('e1'));
  expect(await stores[1]!.executions.get('e1')).toMatchObject({ id: 'e1' });
  await Promise.all(stores.map((store) => store.close()));
});

test('folders below one another are made by many at the same time', async () => {
  for (let round = 0; round < 100; round++) {
    const top = join(folder, String(round));
    const paths = ['a/b/c', 'a/b/c', 'a/b/d', 'a/e', 'a', 'a/b/c/d'].map((path) => join(top, path));
    await Promise.all(paths.map((path) => makeFolder(path)));
    for (const path of paths) expect(statSync(path).isDirectory()).toBe(true);
  }
});

const isRoot = process.getuid?.() === 0;
// Root may do everything, so the test then becomes somebody else in another process.
test.skipIf(process.platform === 'win32')('a folder without the right to write is named', async () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  chmodSync(folder, 0o755);
  chmodSync(locked, 0o555);
  const script = new URL('./testing/open-all.ts', import.meta.url);
  const child = startChild(script, [locked], isRoot ? { uid: 65534 } : {});
  const lines: { code: string; message: string }[] = [];
  for await (const line of child.lines) lines.push(JSON.parse(line));
  expect(await child.ended).toMatchObject({ code: 0, errors: '' });
  // Workflows can be read without writing.
  expect(lines.map(({ code }) => code)).toEqual(Array(3).fill('STORE_UNAVAILABLE'));
  for (const { message } of lines) {
    expect(message).toContain(locked);
    expect(message).toContain('Give this process the right');
  }
});

test('a folder that goes away while it is used is an error and not an empty list', async () => {
  const storage = createFileStorage({ folder });
  const { workflows, executions, schedules } = storage;
  await storage.open();
  rmSync(folder, { recursive: true });
  await expect(executions.list()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(workflows.list()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(executions.ready(0, 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(schedules.list()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await schedules.close();
});

test('what is in the way of an execution is named', async () => {
  const { executions } = createFileStorage({ folder });
  await executions.open();
  const path = join(folder, '.vwmp', 'executions');
  rmSync(path, { recursive: true });
  writeFileSync(path, 'a file');
  const expected = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) };
  await expect(executions.append(creation('e1'))).rejects.toMatchObject(expected);
  await expect(executions.get('e1')).rejects.toMatchObject(expected);
  await expect(executions.list()).rejects.toMatchObject(expected);
  await executions.close();
});

test('a full disk is told apart from one that is away', async () => {
  const failing = (code: string) => () =>
    Promise.reject(Object.assign(new Error(code), { syscall: 'write', code, path: '/a' }));
  for (const code of ['ENOSPC', 'EDQUOT'])
    await expect(touching('save', '/a', failing(code))).rejects.toMatchObject({ code: 'STORE_FULL' });
  await expect(touching('save', '/a', failing('EIO'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('asking whether a full disk can be written leaves no file there each time', async () => {
  const storage = createFileStorage({ folder });
  await storage.open();
  vi.spyOn(node.fs, 'writeFile').mockImplementationOnce(async (path) => {
    writeFileSync(String(path), '');
    throw Object.assign(new Error('ENOSPC'), { syscall: 'write', code: 'ENOSPC' });
  });
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORE_FULL' });
  const left = readdirSync(join(folder, '.vwmp')).filter((name) => name.startsWith(unfinishedPrefix));
  expect(left).toEqual([]);
  await storage.close();
});
