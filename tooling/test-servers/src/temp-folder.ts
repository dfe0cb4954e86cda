import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder for the data of a server, which other users may enter: not every server runs as root. */
export function makeTempFolder(name: string, parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, `vwmp-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

const memory = '/dev/shm';
/** Several servers run at a time, each with a few hundred megabytes at most. A container has 64 MB by default. */
const roomNeeded = 4 * 1024 ** 3;

/** Where folders are in memory, if the system has that and much room there; undefined otherwise. */
export function findMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, process.availableMemory()) >= roomNeeded ? memory : undefined;
  } catch {
    return undefined;
  }
}

/** Removes it with all that is in it; harmless when it is gone. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
