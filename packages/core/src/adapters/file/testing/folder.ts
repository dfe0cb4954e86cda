import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'vwmp-file-')));
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
