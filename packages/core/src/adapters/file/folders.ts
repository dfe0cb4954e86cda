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

/**
 * Makes a folder and what is missing above it, so that all of it would survive a loss of power. Where nothing can be made though the
 * folder above is there, as in `/proc`, the "recursive" of Node tries for ever.
 *
 * @param again - whether to try again once what is above is there; another may have made that after this one looked
 */
export async function makeFolder(folder: string, again = true): Promise<void> {
  const above = node.path.dirname(folder);
  try {
    await node.fs.mkdir(folder);
  } catch (error) {
    if (await isFolder(folder)) return;
    if (!again || above === folder || !isSystemError(error, 'ENOENT')) throw error;
    await makeFolder(above);
    return await makeFolder(folder, false);
  }
  await syncFolder(above);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await node.fs.stat(path)).isDirectory();
  } catch {
    return false;
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
