import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@vwmp/core';
import type { SqliteStorageOptions } from '../options.ts';
import { createSqliteStorage } from '../storage.ts';

/** A new empty folder. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'vwmp-sqlite-')));
}

/** Removes a folder, and fails when this process still has something open in it. */
export function removeFolder(folder: string): void {
  const open = openIn(folder);
  rmSync(folder, { recursive: true, force: true });
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
}

/** What this process has open in a folder. Only Linux tells; elsewhere the answer is nothing. */
function openIn(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // Closed since the folder was read.
      return [];
    }
  });
}

/** A place for a test of the adapter suite. */
export function sqlitePlace(options: Partial<SqliteStorageOptions> = {}): {
  make(): Storage;
  dispose(): Promise<void>;
} {
  const folder = temporaryFolder();
  return {
    make: () => createSqliteStorage({ path: join(folder, 'test.db'), ...options }),
    dispose: async () => removeFolder(folder),
  };
}
