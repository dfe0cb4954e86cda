import { hasCode, VwmpError } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';

/** By the code of the system: our code, what to say, and whether another attempt may help. */
const known: Readonly<Record<string, readonly [code: string, reason: string, retryable: boolean]>> = {
  ENOENT: ['FILE_NOT_FOUND', 'is not there', false],
  EEXIST: ['FILE_EXISTS', 'is there already', false],
  EISDIR: ['FILE_IS_DIRECTORY', 'is a folder', false],
  ENOTDIR: ['FILE_NOT_DIRECTORY', 'passes through something that is no folder', false],
  ENOTEMPTY: ['FILE_NOT_EMPTY', 'is a folder that is not empty', false],
  ELOOP: ['FILE_IS_SYMLINK', 'has become a symlink', false],
  EACCES: ['FILE_ACCESS', 'may not be accessed', false],
  EPERM: ['FILE_ACCESS', 'may not be accessed', false],
  EROFS: ['FILE_ACCESS', 'is on a file system that cannot be written', false],
  ENAMETOOLONG: ['FILE_PATH_INVALID', 'is too long', false],
  EINVAL: ['FILE_PATH_INVALID', 'cannot be used for this', false],
  ENXIO: ['FILE_NOT_REGULAR', 'is no regular file', false],
  ENOSPC: ['FILE_NO_SPACE', 'cannot be written: the disk is full', true],
  EDQUOT: ['FILE_NO_SPACE', 'cannot be written: the quota is used up', true],
};

/** Gives what the file system threw a code of this plugin. What has one already stays. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof VwmpError) return error;
  const code = systemCode(error);
  if (code === '' || hasCode(error, 'ABORT_ERR')) return error;
  const [ours, reason, retryable] = known[code] ?? ['FILE_ERROR', `could not be accessed (${code})`, true];
  return refuse(ours, path, reason, { retryable, cause: error });
}

/** An error of this plugin about a path. */
export function refuse(
  code: string,
  path: string,
  reason: string,
  options: { retryable?: boolean; cause?: unknown; details?: unknown } = {},
): VwmpError {
  return new VwmpError(code, `${JSON.stringify(path)} ${reason}.`, { retryable: false, ...options });
}
