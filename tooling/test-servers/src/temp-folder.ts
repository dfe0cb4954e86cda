import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';

/** A new, empty folder for the data of a server, which other users may enter: not every server runs as root. */
export function makeTempFolder(name: string, parent: string = tmpdir()): string {
  if (parent === memory) removeAbandoned(parent);
  const folder = mkdtempSync(join(parent, `vwmp-${name}-${process.pid}-${processSpace()}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** What processes left that were killed: in memory it would stay until the machine restarts. Never throws. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, owner, space] = /^vwmp-\w+-(\d+)-(\d+)-/.exec(name) ?? [];
    // A process of another container, which may share the memory, cannot be asked.
    if (owner === undefined || space !== processSpace() || isAlive(Number(owner))) continue;
    try {
      removeFolder(join(parent, name));
    } catch {
      // Another user's.
    }
  }
}

/** Within which the ids of processes are known; `0` where that cannot be told. */
function processSpace(): string {
  return String(statSync('/proc/self/ns/pid', { throwIfNoEntry: false })?.ino ?? 0);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

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
