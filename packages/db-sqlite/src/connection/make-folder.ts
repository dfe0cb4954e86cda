import { node } from '../node.ts';
import { isSystemError } from './system-errors.ts';

/**
 * Makes a folder and what is missing above it. Where nothing can be made though the folder above is there, as in `/proc`, the
 * "recursive" of Node tries for ever.
 *
 * The storage in files of core has one of its own, as it syncs each folder that it makes: there a rename is the commit, here SQLite syncs. What
 * works on files here is synchronous, as the driver is, and `@vwmp/core` would have to export what both share.
 *
 * @param again - whether to try again once what is above is there; another may have made that after this one looked
 */
export function makeFolder(folder: string, again = true): void {
  const above = node.path.dirname(folder);
  try {
    node.fs.mkdirSync(folder);
  } catch (error) {
    if (node.fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (!again || above === folder || !isSystemError(error) || error.code !== 'ENOENT') throw error;
    makeFolder(above);
    makeFolder(folder, false);
  }
}
