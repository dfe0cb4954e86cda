import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { refuse } from './errors.ts';
import type { Place } from './paths.ts';

// Not following a symlink narrows the time between check and use; not blocking keeps a FIFO from holding a thread for ever.
const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a regular file to be read. @throws FILE_IS_DIRECTORY, FILE_NOT_REGULAR, what the system throws */
export function openToRead(place: Place): Promise<FileHandle> {
  return openRegular(place, constants.O_RDONLY | careful);
}

/** Opens a regular file to be written at its end; makes it when it is not there. @throws as {@link openToRead} */
export function openToAppend(place: Place, exclusive: boolean): Promise<FileHandle> {
  const flags =
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (exclusive ? constants.O_EXCL : 0);
  return openRegular(place, flags | careful);
}

async function openRegular({ absolute, given }: Place, flags: number): Promise<FileHandle> {
  const handle = await open(absolute, flags, 0o666);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw refuse('FILE_IS_DIRECTORY', given, 'is a folder');
    if (!stats.isFile()) throw refuse('FILE_NOT_REGULAR', given, 'is no regular file');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
