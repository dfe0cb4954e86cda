import { UsageError } from './usage-error.ts';

/** What a system says that has nothing to do with what was asked for: with room, files or a sound disk the same would be done. */
const passing: ReadonlySet<unknown> = new Set([
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY', 'ETXTBSY'],
]);

export function isPassing(error: unknown): boolean {
  return passing.has((error as { code?: unknown }).code);
}

/** What to throw for a file that could not be written: a place that cannot be is a mistake of the command line, a full disk is none. */
export function writeFailure(file: string, error: unknown, command: string): Error {
  const { message, code, errno } = error as NodeJS.ErrnoException;
  const said = `"${file}" can't be written: ${message}`;
  return isPassing(error) ? Object.assign(new Error(said), { code, errno }) : new UsageError(said, command);
}
