import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../shared/system-code.ts';
import { refuse } from './errors.ts';
import type { Place } from './paths.ts';

/** How a file is put in its place. */
export interface ReplaceOptions {
  readonly overwrite: boolean;
  /** Permissions of a new file; one that is replaced keeps its own. @defaultValue 0o666 less the umask */
  readonly mode?: number;
}

/**
 * Writes a file as a whole or not at all: next to its place, to the disk, and then renamed. A reader sees the old
 * content or the new one, after a crash too; what a crash leaves behind is a hidden file `.NAME.RANDOM.tmp`.
 *
 * @param fill - writes the content; what it returns is returned
 * @returns whether there was no such file before
 * @throws FILE_EXISTS, FILE_IS_DIRECTORY, FILE_NOT_REGULAR, what the system throws
 */
export async function replaceFile<T>(
  place: Place,
  options: ReplaceOptions,
  fill: (handle: FileHandle) => Promise<T>,
): Promise<{ created: boolean; result: T }> {
  const { absolute, given } = place;
  const before = await lstat(absolute).catch(() => undefined);
  if (before?.isDirectory()) throw refuse('FILE_IS_DIRECTORY', given, 'is a folder');
  if (before !== undefined && !options.overwrite) throw refuse('FILE_EXISTS', given, 'is there already');
  if (before !== undefined && !before.isFile()) throw refuse('FILE_NOT_REGULAR', given, 'is no regular file');

  const folder = dirname(absolute);
  // A name has room for 255 bytes; of a long one the beginning is enough to tell whose it is.
  const name = Buffer.from(basename(absolute)).subarray(0, 200).toString().replaceAll('\ufffd', '');
  const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx');
  try {
    let result: T;
    try {
      const mode = before?.mode ?? options.mode;
      if (mode !== undefined) await handle.chmod(mode & 0o7777);
      result = await fill(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.overwrite) await rename(temporary, absolute);
    else await linkExclusively(temporary, absolute);
    await syncFolder(folder);
    return { created: before === undefined, result };
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Puts a file in its place unless something has come there in the meantime, which `rename` would replace. */
async function linkExclusively(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    // Not every file system has hard links. There the check before has to do.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemCode(error))) throw error;
    return rename(temporary, target);
  }
  await unlink(temporary);
}

/** Brings the new name itself to the disk; a step must not be recorded as done when its file may vanish with the power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows and some network file systems cannot do it; what they give is what there is.
  await handle?.sync().catch(() => {});
  await handle?.close();
}
