/** What a person can do about an error of the file system. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'Give this process the right to read and write there, or choose another path.',
  EPERM: 'Give this process the right to read and write there, or choose another path.',
  EROFS: 'It is on a disk that is mounted read-only. Choose another path.',
  EEXIST: 'A file stands where a folder is needed. Move it away, or choose another path.',
  ENOTDIR: 'A file stands where a folder is needed. Move it away, or choose another path.',
  EISDIR: 'A folder stands where the file is to be. Choose the path of a file.',
  ENOENT: 'A folder on the way there is missing. Make it, or choose another path.',
  ELOOP: 'Symbolic links lead in a circle there. Remove one of them.',
  ENAMETOOLONG: 'The path is too long for this system. Choose a shorter one.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open. Raise the limit of the system.',
};

/** Codes that say that there is no room. */
export const noRoom: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a person can do; undefined for a code of which nothing is known. */
export function remedyOf(code: string | undefined): string | undefined {
  return code === undefined ? undefined : remedies[code];
}

/** True for what the file system throws. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
