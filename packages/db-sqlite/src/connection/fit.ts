import { hasCode, VwmpError } from '@vwmp/core';
import { node } from '../node.ts';
import type { Connection } from './connection.ts';
import { translate } from './errors.ts';
import type { Writer } from './writer.ts';

/**
 * Runs `job` in a transaction, told how much of its work it may do at once: `most`, or less where there is no room for so much.
 *
 * @throws STORE_FULL when there is not even room for the least
 */
export type Fit = <T>(most: number, job: (most: number) => T) => Promise<T>;

/** With so many bytes free on the disk transactions are as large as always. */
const plenty = 64_000_000;
/** Each time there is no room, so much less is tried. */
const less = 8;

/**
 * What removes needs room before it gives any: the log grows by the pages of a transaction, and the file by what the log holds. So where
 * the disk is nearly full transactions are small, and the log is moved into the file before each, so that it begins anew. To find that out
 * by trying would be too late: what did not fit stays in the log, in the room that the file needs.
 */
export function createFit(connection: Connection, writer: Writer, path: string): Fit {
  let share = 1;
  return async (most, job) => {
    for (let last = false; ; ) {
      const room = freeAt(path);
      if (room < plenty) emptyLog(connection, path);
      const now = Math.max(1, Math.trunc(most * Math.min(share, room / plenty)));
      try {
        return await writer.add(() => job(now));
      } catch (error) {
        if (!(error instanceof VwmpError) || error.code !== 'STORE_FULL') throw error;
        emptyLog(connection, path);
        if (last) throw withRemedy(error, neededFor(connection, path));
        last = now === 1;
        share /= less;
      }
    }
  };
}

/** Bytes on its disk; infinite where the system does not tell. */
function freeAt(path: string): number {
  try {
    const { bavail, bsize } = node.fs.statfsSync(path);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** As far as there is room for it, and nobody reads from it. */
function emptyLog({ database }: Connection, path: string): void {
  try {
    database.pragma('wal_checkpoint(truncate)');
  } catch (error) {
    const told = translate(error, path);
    if (!hasCode(told, 'STORE_FULL')) throw told;
  }
}

/** So many megabytes are enough: the file as large as it would be without the log, and one for a transaction. */
function neededFor({ database }: Connection, path: string): number {
  const [pages, size] = ['page_count', 'page_size'].map(
    (name) => database.pragma(name, { simple: true }) as number,
  ) as [number, number];
  const there = node.fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return Math.ceil(Math.max(0, pages * size - there) / 1e6) + 1;
}

function withRemedy(error: VwmpError, megabytes: number): VwmpError {
  const message = `${error.message} Removing takes some room itself before it gives any: ${megabytes} MB are enough, made by other means.`;
  return new VwmpError(error.code, message, { details: error.details, cause: error.cause });
}
