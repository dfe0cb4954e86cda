import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder for the data of a server, which other users may enter: not every server runs as root. */
export function makeTempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `vwmp-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes it with all that is in it; harmless when it is gone. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
