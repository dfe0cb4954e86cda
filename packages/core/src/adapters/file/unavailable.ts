import { VwmpError } from '../../errors.ts';

const noRight = 'Give this process the right to read and write there, or choose another folder.';
const notFolder = 'A file stands where a folder is needed. Move it away, or choose another folder.';

/** What a person can do about an error of the file system. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room, then try again.',
  EDQUOT: 'The disk quota is used up. Make room, then try again.',
  EFBIG: 'The file may not become that large. Raise the limit for files, or prune.',
  EACCES: noRight,
  EPERM: noRight,
  EROFS: 'It is on a disk that is mounted read-only. Choose another folder.',
  EEXIST: notFolder,
  ENOTDIR: notFolder,
  EISDIR: 'A folder stands where a file is needed. Move it away.',
  ENOENT: 'It was removed while it was in use. Put it back, or open the store anew.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open. Raise the limit of the system.',
  ELOOP: 'Symbolic links lead in a circle there. Remove one of them.',
  ENAMETOOLONG: 'The path is too long for this system. Choose a folder with a shorter one.',
};

const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** True for what the file system throws, with one of the given codes if there are any. */
export function isSystemError(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('syscall' in error)) return false;
  return codes.length === 0 || codes.includes(String((error as NodeJS.ErrnoException).code));
}

/**
 * Runs `work` and turns what the file system throws into STORE_FULL or STORE_UNAVAILABLE.
 *
 * @param aim - completes the sentence "Could not …", such as `save the workflow "a"`
 * @param path - where, unless the error itself knows better
 */
export async function touching<T>(aim: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const code = error.code ?? 'unknown';
    const remedy = remedies[code] ?? `The system says ${code}.`;
    const message = `Could not ${aim} at ${error.path ?? path}. ${remedy}`;
    throw new VwmpError(noRoom.has(code) ? 'STORE_FULL' : 'STORE_UNAVAILABLE', message, {
      details: { path: error.path ?? path, code },
      cause: error,
    });
  }
}
