import { syncFolder } from './folders.ts';
import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';
import { unique } from './unique.ts';

/** Begins the names of files that are not finished; one that is found later was left by a crash. */
export const unfinishedPrefix = '.vwmp-tmp-';

/**
 * Puts a file in its place as a whole: whoever reads it sees what was there before or all of the new text,
 * also after a crash.
 *
 * @param how - `create` fails with EEXIST when there is one; `replace` keeps its permissions
 * @param check - called when everything is on disk except under the final name; what it throws leaves all as
 * it was
 */
export async function writeAtomic(
  path: string,
  text: string,
  how: 'create' | 'replace',
  check: () => Promise<void>,
): Promise<void> {
  const folder = node.path.dirname(path);
  const unfinished = node.path.join(folder, `${unfinishedPrefix}${unique()}`);
  try {
    await writeSynced(unfinished, text, how === 'replace' ? (await node.fs.stat(path)).mode : undefined);
    await check();
    if (how === 'replace') await node.fs.rename(unfinished, path);
    else await placeNew(unfinished, path);
    await syncFolder(folder);
  } finally {
    await node.fs.rm(unfinished, { force: true });
  }
}

async function writeSynced(path: string, text: string, mode: number | undefined): Promise<void> {
  const handle = await node.fs.open(path, 'wx');
  try {
    await handle.writeFile(text);
    if (mode !== undefined) await handle.chmod(mode & 0o777);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A hard link, unlike a rename, never replaces what someone else put there meanwhile. */
async function placeNew(from: string, to: string): Promise<void> {
  try {
    await node.fs.link(from, to);
  } catch (error) {
    // Some file systems have no hard links: there an empty file holds the place for a moment.
    if (!isSystemError(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    await (await node.fs.open(to, 'wx')).close();
    await node.fs.rename(from, to);
  }
}
