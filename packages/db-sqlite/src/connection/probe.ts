import { accessSync, closeSync, constants, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from './system-errors.ts';

/** Why a file cannot be opened, as the code of the system; undefined when it looks as if it could. */
export function whyNotOpened(path: string): string | undefined {
  return codeOf(() => {
    const file = statSync(path, { throwIfNoEntry: false });
    if (file?.isDirectory()) return 'EISDIR';
    accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    if (file) accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  });
}

/** Why nothing can be added to a file, as the code of the system: tries it with another one beside it. */
export function whyNotWritten(path: string): string | undefined {
  const beside = `${path}-probe-${process.pid}`;
  const failure = codeOf(() => {
    const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    const descriptor = openSync(beside, 'wx');
    try {
      // As far in as the next page of the database, or of its log, would be.
      writeSync(descriptor, Buffer.alloc(4096), 0, 4096, Math.max(...sizes));
    } finally {
      closeSync(descriptor);
    }
    return undefined;
  });
  codeOf(() => {
    rmSync(beside, { force: true });
    return undefined;
  });
  return failure;
}

function codeOf(attempt: () => string | undefined): string | undefined {
  try {
    return attempt();
  } catch (error) {
    return isSystemError(error) ? error.code : undefined;
  }
}
