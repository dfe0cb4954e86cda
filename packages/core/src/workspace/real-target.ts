import { hasCode } from '../errors.ts';
import { pathOutside } from './path-outside.ts';

/** As many as Linux follows before it says ELOOP. */
const maxLinks = 40;

/**
 * Where a path really leads, for paths that need not exist: the deepest part that does is resolved, and the rest
 * put behind it. A dangling symlink is followed as well, since writing to it would make the file it points at.
 *
 * @param path - absolute
 * @param given - what to name in an error
 * @throws PATH_OUTSIDE when it cannot be told: a loop of symlinks, or a folder that may not be read
 */
export async function realTarget(path: string, given: string, links = 0): Promise<string> {
  const { promises: fs } = process.getBuiltinModule('node:fs');
  const { basename, dirname, join, resolve } = process.getBuiltinModule('node:path');
  try {
    return await fs.realpath(path);
  } catch (error) {
    // ENOTDIR: a file stands where a folder should; the operation itself will say so better.
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) {
      throw pathOutside(given, 'Where it leads cannot be told.', error);
    }
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const realParent = await realTarget(parent, given, links);
  const entry = join(realParent, basename(path));
  const target = await fs.readlink(entry).catch(() => undefined);
  if (target === undefined) return entry;
  if (links >= maxLinks) throw pathOutside(given, 'Its symlinks go round in a circle.');
  return realTarget(resolve(realParent, target), given, links + 1);
}
