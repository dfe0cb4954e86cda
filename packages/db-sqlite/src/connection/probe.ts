import { node } from '../node.ts';
import { isSystemError } from './system-errors.ts';

/** Why a file cannot be opened, as the code of the system; undefined when it looks as if it could. */
export function whyNotOpened(path: string): string | undefined {
  return codeOf(() => {
    const file = node.fs.statSync(path, { throwIfNoEntry: false });
    if (file?.isDirectory()) return 'EISDIR';
    node.fs.accessSync(
      node.path.dirname(path),
      node.fs.constants.R_OK | node.fs.constants.W_OK | node.fs.constants.X_OK,
    );
    if (file) node.fs.accessSync(path, node.fs.constants.R_OK | node.fs.constants.W_OK);
    return undefined;
  });
}

/** Why nothing can be added to a file, as the code of the system: tries it with another one beside it. */
export function whyNotWritten(path: string): string | undefined {
  const beside = `${path}-probe-${process.pid}`;
  const failure = codeOf(() => {
    const sizes = [path, `${path}-wal`].map(
      (file) => node.fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0,
    );
    const descriptor = node.fs.openSync(beside, 'wx');
    try {
      // As far in as the next page of the database, or of its log, would be.
      node.fs.writeSync(descriptor, Buffer.alloc(4096), 0, 4096, Math.max(...sizes));
    } finally {
      node.fs.closeSync(descriptor);
    }
    return undefined;
  });
  codeOf(() => {
    node.fs.rmSync(beside, { force: true });
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
