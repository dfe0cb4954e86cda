import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';

/** The folder, below the one with the workflows, that belongs to the store and not to people. */
export function ownFolder(folder: string): string {
  return node.path.join(node.path.resolve(folder), '.vwmp');
}

/** Makes the own folder, which Git is told to ignore: it holds what happened, not what people wrote. */
export async function prepareOwnFolder(folder: string): Promise<void> {
  const own = ownFolder(folder);
  await makeFolder(own);
  const ignore = node.path.join(own, '.gitignore');
  try {
    await node.fs.writeFile(ignore, '*\n', { flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  await node.fs.access(own, node.constants.R_OK | node.constants.W_OK | node.constants.X_OK);
}

/** Makes a folder and what is missing above it, so that all of it would survive a loss of power. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await node.fs.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = node.path.dirname(made)) {
    await syncFolder(node.path.dirname(made));
    if (made === node.path.dirname(made)) return;
  }
}

/** Without this, a loss of power could take away a file that was just made, though its content was synced. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await node.fs.sync(folder);
  } catch (error) {
    // Windows can't open folders, and some network file systems can't sync them.
    if (!isSystemError(error, 'EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EACCES')) throw error;
  }
}
