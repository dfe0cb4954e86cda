import { VwmpError } from '@vwmp/core';
import type { Database as Driver, Statement as DriverStatement } from 'better-sqlite3';
import { node } from '../node.ts';

export type Database = Driver;
export type Statement = DriverStatement<unknown[], unknown>;

export interface OpenOptions {
  fileMustExist?: boolean;
}

/**
 * SQLite itself waits so long for a lock, in milliseconds, and the process with it; longer than this waits `retryBusy`, while
 * others go on.
 */
const busyTimeout = 5;

/**
 * Loads the driver, for which nobody pays who has not opened anything, and opens a file.
 *
 * @param path - absolute: SQLite takes no name with a meaning of its own for one then
 */
export async function openDatabase(path: string, options: OpenOptions = {}): Promise<Database> {
  checkNode(process.versions);
  const { default: Sqlite } = await import('better-sqlite3');
  const open = (name: string): Database => new Sqlite(name, { timeout: busyTimeout, ...options });
  if (path.trim() === path) return open(path);
  // The driver trims names. SQLite follows a link to the name that the file really has, and so do its other files.
  const folder = node.fs.mkdtempSync(node.path.join(node.os.tmpdir(), 'vwmp-'));
  try {
    const link = node.path.join(folder, 'link');
    node.fs.symlinkSync(path, link);
    return open(link);
  } finally {
    node.fs.rmSync(folder, { recursive: true });
  }
}

/** The binary of the driver calls Node-API 10 without asking: older versions of Node end with a segmentation fault. */
export function checkNode({ napi, node: version }: { napi?: string; node: string }): void {
  if (Number(napi) >= 10) return;
  const message = `SQLite needs Node 22.14 or newer, and this is Node ${version}. Install a newer one, or use another database.`;
  throw new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
}
