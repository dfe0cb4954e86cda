import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

const isRoot = process.getuid?.() === 0;
const windows = process.platform === 'win32';

const hasNamespaces =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.each(drivers)('%s', (driver) => {
  async function failsWith(code: string, ...texts: string[]): Promise<void> {
    const storage = createSqliteStorage({ path, driver });
    const error = await storage.open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    for (const text of [path, ...texts]) expect((error as Error).message).toContain(text);
    await storage.close();
  }

  test('missing folders are made', async () => {
    path = join(folder, 'a', 'b', 'test.db');
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    await storage.close();
    expect(statSync(path).isFile()).toBe(true);
  });

  test('a place where no folder can be made is named, and tried once only', async () => {
    const dangling = join(folder, 'link');
    symlinkSync(join(folder, 'nowhere'), dangling);
    path = join(dangling, 'below', 'test.db');
    await failsWith('STORE_UNAVAILABLE', 'A file stands where a folder is needed');
    if (process.platform !== 'linux') return;
    // In a process of its own, as what tries for ever could not be ended.
    const program = `
      const { createSqliteStorage } = await import(${JSON.stringify(join(import.meta.dirname, 'storage.ts'))});
      await createSqliteStorage({ path: '/proc/vwmp/a/test.db', driver: '${driver}' }).open().catch(({ message }) => console.log(message));`;
    const args = ['--conditions=source', '--input-type=module', '--eval', program];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect(stdout).toContain('A folder on the way there is missing');
  });

  test('a file that is no database is named and left as it is', async () => {
    const text = 'This is a letter and not a database. '.repeat(100);
    writeFileSync(path, text);
    await failsWith('STORE_UNAVAILABLE', 'no SQLite database');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a database of another program is named and left as it is', async () => {
    const other = await openDatabase(path, { driver });
    other.exec('create table executions (id text); insert into executions values (1)');
    other.close();
    const before = readFileSync(path);
    await failsWith('STORE_UNAVAILABLE', 'another program');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a folder in the place of the file, and a file in that of a folder, are named', async () => {
    mkdirSync(path);
    await failsWith('STORE_UNAVAILABLE', 'A folder stands where the file is to be');
    rmSync(path, { recursive: true });
    writeFileSync(path, 'a file');
    path = join(path, 'test.db');
    await failsWith('STORE_UNAVAILABLE', 'A file stands where a folder is needed');
  });

  test.skipIf(windows)('links that lead in a circle, and a path that is too long, are named', async () => {
    symlinkSync(join(folder, 'b'), join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    path = join(folder, 'a', 'test.db');
    await failsWith('STORE_UNAVAILABLE', 'circle');
    path = join(folder, 'x'.repeat(300), 'test.db');
    await failsWith('STORE_UNAVAILABLE', 'too long');
  });

  test('opening again works once the reason has gone', async () => {
    writeFileSync(path, 'x'.repeat(5000));
    const storage = createSqliteStorage({ path, driver });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    rmSync(path);
    await storage.open();
    await storage.executions.append(creation('e1'));
    await storage.close();
  });

  // Root may do everything, so the test then becomes somebody else in another process.
  test.skipIf(windows).each(['folder', 'file'])('a %s without the right to write is named', async (which) => {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    await storage.close();
    chmodSync(folder, which === 'folder' ? 0o555 : 0o777);
    chmodSync(path, which === 'file' ? 0o444 : 0o666);
    const child = startChild('open', [path], isRoot ? { driver, uid: 65534 } : { driver });
    const [error] = (await outputOf(child)) as { code: string; message: string }[];
    chmodSync(folder, 0o777);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) });
    expect(error!.message).toContain('Give this process the right');
  });

  test.skipIf(windows)('a file that may not be read is named', async () => {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    await storage.close();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o000);
    const child = startChild('open', [path], isRoot ? { driver, uid: 65534 } : { driver });
    const [error] = (await outputOf(child)) as { code: string; message: string }[];
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) });
    expect(error!.message).toContain('Give this process the right');
  });

  test('damage is named', async () => {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    for (let n = 0; n < 200; n++) await storage.executions.append(creation(`e${n}`));
    await storage.close();
    const bytes = readFileSync(path);
    bytes.fill(0x55, 4096 * 2, bytes.length);
    writeFileSync(path, bytes);
    const next = createSqliteStorage({ path, driver });
    const error = await next.open().then(
      () => next.executions.list({ limit: 500 }).catch((thrown: unknown) => thrown),
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('Restore a backup'),
    });
    await next.close();
  });

  test.skipIf(windows)('a file that was removed while it is used is noticed', async () => {
    const storage = createSqliteStorage({ path, driver });
    await storage.open();
    await storage.ping();
    rmSync(path);
    await expect(storage.ping()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('removed'),
    });
    await storage.close();
  });

  test.skipIf(!hasNamespaces)('a full disk loses nothing, and it goes on when there is room', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const ballast = join(disk, 'ballast');
    const prepare = `mount -t tmpfs -o size=8m none ${disk} && head -c 2000000 /dev/zero > ${ballast} && exec "$0" "$@"`;
    const child = startChild('fill', [join(disk, 'test.db'), ballast], {
      driver,
      within: ['unshare', '-rm', '/bin/sh', '-c', prepare],
    });
    const full = { code: 'STORE_FULL', message: expect.stringContaining('Make room on the disk') };
    expect(await outputOf(child)).toEqual([
      { rounds: expect.any(Number), ...full },
      { there: true },
      full,
      full,
      { again: 'well' },
      { there: true, problems: [] },
    ]);
  });

  /** What becomes of pruning a disk with so many bytes free. */
  async function pruneWith(free: number): Promise<unknown> {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const child = startChild('prune', [join(disk, 'test.db'), join(disk, 'ballast'), `${free}`], {
      driver,
      within: [
        'unshare',
        '-rm',
        '/bin/sh',
        '-c',
        `mount -t tmpfs -o size=32m none ${disk} && exec "$0" "$@"`,
      ],
    });
    return (await outputOf(child))[0];
  }

  test.skipIf(!hasNamespaces)('a disk that is nearly full can be pruned', async () => {
    expect(await pruneWith(280_000)).toEqual({ many: 200, removed: 200, problems: [] });
  });

  test.skipIf(!hasNamespaces)(
    'what keeps a full disk from being pruned is said with how much it takes',
    async () => {
      const message = expect.stringContaining('1 MB are enough') as string;
      expect(await pruneWith(60_000)).toMatchObject({
        removed: { code: 'STORE_FULL', message },
        problems: [],
      });
    },
  );

  test.skipIf(windows)('a limit on the size of files is named, and loses nothing', async () => {
    const child = startChild('fill', [path], {
      driver,
      within: ['/bin/sh', '-c', 'ulimit -f 4000 && exec "$0" "$@"'],
    });
    const full = { code: 'STORE_FULL', message: expect.stringContaining('ulimit -f') };
    expect(await outputOf(child)).toEqual([
      { rounds: expect.any(Number), ...full },
      { there: true },
      full,
      full,
      { there: true, problems: [] },
    ]);
  });
});
