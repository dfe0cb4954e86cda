import { VwmpError } from '@vwmp/core';
import { sqliteCode } from '../driver/codes.ts';
import { whyNotOpened, whyNotWritten } from './probe.ts';
import { isSystemError, noRoom, remedyOf } from './system-errors.ts';

/** True for what SQLite throws. */
export function isSqliteError(error: unknown): boolean {
  return sqliteCode(error) !== undefined;
}

/** Another connection has the lock: it may be free in a moment. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && /^SQLITE_(BUSY|LOCKED)/.test(code);
}

/** What a person can do, by the beginning of what SQLite says. */
const remedies: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'The file is no SQLite database. Choose another path, or move the file away.',
  SQLITE_CORRUPT: 'The file is damaged. Restore a backup.',
  SQLITE_READONLY: 'It may not be written. Give this process the right to write the file and its folder.',
  SQLITE_PERM: 'Give this process the right to read and write the file and its folder.',
  SQLITE_AUTH: 'Give this process the right to read and write the file and its folder.',
  SQLITE_CANTOPEN: 'The file cannot be opened. See whether it and its folder can be read and written.',
  SQLITE_BUSY: 'Other processes keep writing to it. Let fewer of them write, or keep it in PostgreSQL.',
  SQLITE_LOCKED: 'Other processes keep writing to it. Let fewer of them write, or keep it in PostgreSQL.',
  SQLITE_NOMEM: 'There is no memory left.',
  SQLITE_PROTOCOL: 'Its locks do not work. Put it on a local disk.',
  SQLITE_IOERR: 'The disk fails. See the log of the system.',
};

/**
 * What is told of an error of SQLite or the file system; any other is given back as it is.
 *
 * @param path - of the database
 * @param file - that was written, where it has another name as long as it is not whole
 */
export function translate(error: unknown, path: string, file: string = path): unknown {
  if (isSystemError(error)) {
    if (noRoom.has(error.code)) return full(path, error.code, error);
    const remedy = remedyOf(error.code);
    return remedy === undefined ? error : unavailable(path, remedy, error.code, error);
  }
  const code = sqliteCode(error);
  if (code === undefined) return error;
  if (code === 'SQLITE_TOOBIG') {
    const message = `What was to be stored at ${path} is larger than SQLite takes, 1 GB. Store less at once.`;
    return new VwmpError('STORE_FULL', message, { retryable: false, details: { path, code }, cause: error });
  }
  // SQLite knows a full disk, but not a quota or a limit on the size of files.
  const reason = code.startsWith('SQLITE_CANTOPEN')
    ? whyNotOpened(file)
    : code.startsWith('SQLITE_IOERR')
      ? whyNotWritten(file)
      : undefined;
  if (code === 'SQLITE_FULL' || noRoom.has(reason)) return full(path, reason ?? code, error);
  const known = Object.keys(remedies).find((prefix) => code.startsWith(prefix));
  const remedy = remedyOf(reason) ?? (known && remedies[known]);
  return remedy === undefined ? error : unavailable(path, remedy, reason ?? code, error);
}

function full(path: string, code: string | undefined, cause: unknown): VwmpError {
  const how =
    code === 'EFBIG'
      ? 'Raise the limit for the size of files (ulimit -f)'
      : code === 'EDQUOT'
        ? 'The disk quota is used up: make room, or raise it'
        : 'Make room on the disk';
  const message = `There is no room left for the database at ${path}. ${how}; what was stored before is there.`;
  return new VwmpError('STORE_FULL', message, { details: { path, code }, cause });
}

function unavailable(path: string, remedy: string, code: string | undefined, cause: unknown): VwmpError {
  const message = `The database at ${path} cannot be used. ${remedy}`;
  return new VwmpError('STORE_UNAVAILABLE', message, { details: { path, code }, cause });
}
