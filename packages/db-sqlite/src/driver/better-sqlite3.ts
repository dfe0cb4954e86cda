import { hasCode, VwmpError } from '@vwmp/core';
import { node } from '../node.ts';
import { busyTimeout, type Database, type Open, type Statement } from './driver.ts';

type Driver = typeof import('better-sqlite3');

/**
 * The package better-sqlite3, which the program has installed.
 *
 * @throws PACKAGE_MISSING, STORE_UNAVAILABLE on a Node that is too old for it
 */
export async function loadBetterSqlite(): Promise<Open> {
  checkNode(process.versions);
  const Sqlite = await importDriver();
  return (path, existing) => {
    const open = (name: string): Database =>
      wrap(new Sqlite(name, { timeout: busyTimeout, fileMustExist: existing }));
    return path.trim() === path ? open(path) : openByLink(path, open);
  };
}

/** The driver trims names. SQLite follows a link to the name that the file really has, and so do its other files. */
function openByLink(path: string, open: (name: string) => Database): Database {
  const folder = node.fs.mkdtempSync(node.path.join(node.os.tmpdir(), 'vwmp-'));
  try {
    const link = node.path.join(folder, 'link');
    node.fs.symlinkSync(path, link);
    return open(link);
  } finally {
    node.fs.rmSync(folder, { recursive: true });
  }
}

function wrap(database: InstanceType<Driver>): Database {
  return {
    prepare: (text) => database.prepare<unknown[], unknown>(text) as Statement,
    exec: (text) => void database.exec(text),
    pragma: (text, options) => database.pragma(text, options),
    rollback() {
      if (database.inTransaction) database.exec('rollback');
    },
    async backup(target, pages) {
      await database.backup(target, { progress: () => pages });
    },
    close: () => void database.close(),
  };
}

async function importDriver(): Promise<Driver> {
  try {
    return (await import('better-sqlite3')).default;
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    const message =
      'The SQLite driver better-sqlite3 is not installed beside @vwmp/db-sqlite. Add it where that is (npm install better-sqlite3), or name no driver: ' +
      'then the SQLite of Node is used.';
    throw new VwmpError('PACKAGE_MISSING', message, { retryable: false, cause: error });
  }
}

/** The binary of the driver calls Node-API 10 without asking: older versions of Node end with a segmentation fault. */
export function checkNode({ napi, node: version }: { napi?: string; node: string }): void {
  if (Number(napi) >= 10) return;
  const message = `SQLite needs Node 22.14 or newer, and this is Node ${version}. Install a newer one, or use another database.`;
  throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
}
