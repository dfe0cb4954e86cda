import { makeFolder, syncFolder } from './folders.ts';
import { encodeLine, seal } from './log-line.ts';
import { type LogTail, readTail } from './log-tail.ts';
import { node } from './node.ts';
import { readAt } from './read-lines.ts';
import { isSystemError } from './unavailable.ts';

type FileHandle = import('node:fs/promises').FileHandle;

/** One append to a log. */
export interface LogAppend<T extends object, R> {
  path: string;
  /** What was remembered of the last append, to spare reading the end of the file. */
  known: LogTail<R> | undefined;
  /** @param at - where the line stands, in bytes */
  remember(body: T, at: number): R;
  /**
   * What to write after the line of which `last` was remembered; undefined for nothing. Called again when
   * another process was faster.
   *
   * @param size - of the log up to there, in bytes
   */
  next(last: R | undefined, size: number): Promise<T | undefined> | T | undefined;
}

/**
 * Appends one line, all or nothing, and returns once it is on disk and certain to count.
 *
 * @returns where the log ends now
 * @throws STORE_CORRUPT, and what the file system throws
 */
export async function appendLine<T extends object, R>(
  append: LogAppend<T, R>,
): Promise<LogTail<R> | undefined> {
  let { known } = append;
  for (let round = 1; ; round++) {
    const began = performance.now();
    const handle = await openLog(append);
    if (!handle) return undefined;
    try {
      const outcome = await attempt(append, handle, known);
      if (outcome) return outcome;
    } finally {
      await handle.close();
    }
    known = undefined;
    await stepAside(performance.now() - began, round);
  }
}

/**
 * A refused line is in the way of the others, too: two writers in step could refuse each other for ever. Each waits for a
 * random time, on average as long as an attempt takes and then longer and longer, until one has the log for itself.
 */
function stepAside(attempt: number, round: number): Promise<void> {
  const longest = attempt * 2 ** Math.min(round, 8);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/** Opens the file, and makes it only when there is something to write. */
async function openLog<T extends object, R>({
  path,
  next,
}: LogAppend<T, R>): Promise<FileHandle | undefined> {
  const { O_RDWR, O_APPEND } = node.constants;
  try {
    return await node.fs.open(path, O_RDWR | O_APPEND);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
  if (!(await next(undefined, 0))) return undefined;
  await makeFolder(node.path.dirname(path));
  return await node.fs.open(path, 'a+');
}

/** @returns undefined when someone else was faster, or took the file away */
async function attempt<T extends object, R>(
  { path, next, remember }: LogAppend<T, R>,
  handle: FileHandle,
  known: LogTail<R> | undefined,
): Promise<LogTail<R> | undefined> {
  const before = await handle.stat();
  const current = known?.inode === before.ino && known.size === before.size;
  const tail = current ? known : await readTail(path, handle, remember);
  const body = await next(tail.last, tail.size);
  if (!body) return tail;
  const start = Buffer.from(tail.torn === undefined ? '' : seal);
  const at = tail.size + start.length;
  const line = encodeLine(body, at, tail.torn);
  await writeAll(handle, Buffer.concat([start, line]));
  await handle.datasync();
  if (tail.size === 0) await syncFolder(node.path.dirname(path));
  const after = await handle.stat();
  if (after.nlink === 0) return undefined;
  const alone = after.size === at + line.length;
  if (!alone && !(await readAt(handle, at, line.length)).equals(line)) return undefined;
  return { inode: after.ino, size: at + line.length, last: remember(body, at) };
}

/** What a full disk did not take is tried once more, since only that tells what is wrong. */
async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
}
