import { decodeLine, type LogLine } from './log-line.ts';
import { readLog } from './log-reader.ts';
import { readAt } from './read-lines.ts';

/** Where a log ends. */
export interface LogTail<T> {
  /** Tells a file from one that was made anew under the same name. */
  inode: number;
  /** In bytes. A log only grows: as long as the size is the same, so is the tail. */
  size: number;
  /** What there is to remember of the last line that counts; undefined when none does. */
  last: T | undefined;
  /** Where the rest of an interrupted write begins. */
  torn?: number;
}

type FileHandle = import('node:fs/promises').FileHandle;

const firstWindow = 8 * 1024;
const lineBreak = 0x0a;

/**
 * Reads where a log ends, mostly from its last few kilobytes.
 *
 * @param remember - takes out of the last line what is needed; the rest may be large
 * @throws STORE_CORRUPT
 */
export async function readTail<T, R>(
  path: string,
  handle: FileHandle,
  remember: (body: T, at: number) => R,
): Promise<LogTail<R>> {
  const { size, ino: inode } = await handle.stat();
  for (let window = firstWindow; size > 0; window *= 8) {
    const start = Math.max(size - window, 0);
    const bytes = await readAt(handle, start, size - start);
    const end = bytes.lastIndexOf(lineBreak);
    const before = end <= 0 ? -1 : bytes.lastIndexOf(lineBreak, end - 1);
    if (start > 0 && (end < 0 || before < 0)) continue;
    const body = end < 0 ? undefined : decodeLine<T>(bytes.subarray(before + 1, end));
    // Where anything is unusual, the whole file decides.
    if (body?.at !== start + before + 1) break;
    const torn = end + 1 < bytes.length ? start + end + 1 : undefined;
    return { inode, size, last: remember(body, body.at), torn };
  }
  let last: R | undefined;
  let torn: number | undefined;
  // No further than the size that was seen: what others append meanwhile does not belong to it.
  const lines = readLog<T & LogLine>(path, { until: size });
  for (;;) {
    const { done, value } = size > 0 ? await lines.next() : { done: true as const, value: undefined };
    if (done) {
      torn = value;
      break;
    }
    last = remember(value.body, value.offset);
  }
  return { inode, size, last, torn };
}
