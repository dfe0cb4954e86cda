import { VwmpError } from '@vwmp/core';
import { node } from '../node.ts';
import type { SqliteDriver } from './choose.ts';

/** By which driver this process has files open, and how often. By device and number, as a file has many paths. */
const inUse = new Map<string, { driver: SqliteDriver; count: number }>();

/** A file that is about to be opened. */
export interface FileClaim {
  /** It is open, and there. */
  opened(): void;
  /** It is closed, or was never opened. */
  end(): void;
}

/**
 * Refuses a file that this process has open by another driver: the system forgets all locks of a process on a file when it closes one
 * of its descriptors, and two copies of SQLite do not know of each other's (https://sqlite.org/howtocorrupt.html, 2.2.1).
 *
 * @throws STORE_UNAVAILABLE
 */
export function claimFile(path: string, driver: SqliteDriver): FileClaim {
  const before = identityOf(path);
  const other = before === undefined ? undefined : inUse.get(before);
  if (other && other.driver !== driver) throw mixed(path, other.driver, driver);
  let id: string | undefined;
  return {
    opened() {
      id = identityOf(path);
      if (id === undefined) return;
      const known = inUse.get(id) ?? { driver, count: 0 };
      known.count++;
      inUse.set(id, known);
    },
    end() {
      const known = id === undefined ? undefined : inUse.get(id);
      if (known && --known.count === 0) inUse.delete(id!);
      id = undefined;
    },
  };
}

/** Whether this process has the file open: then it must not open it by anything but its driver, or its locks are gone. */
export function isInUse(path: string): boolean {
  const id = identityOf(path);
  // Each thread knows of its own, and locks are those of all.
  return (id !== undefined && inUse.has(id)) || !node.threads.isMainThread;
}

/** Tells a file from all others, as long as it is there. */
export function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = node.fs.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function mixed(path: string, open: SqliteDriver, asked: SqliteDriver): VwmpError {
  const message =
    `This process has the database at ${path} open with the driver ${open}, and opens it with ${asked}: they would damage it. ` +
    'Use the same driver for both.';
  return new VwmpError('STORE_UNAVAILABLE', message, { retryable: false, details: { path } });
}
