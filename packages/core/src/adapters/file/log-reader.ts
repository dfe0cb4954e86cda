import { VwmpError } from '../../errors.ts';
import { decodeLine, type LogLine, seal } from './log-line.ts';
import { type Range, type RawLine, readLines } from './read-lines.ts';

const loneSeal = seal.trimEnd();

/** A line that counts, and where it stands. */
export interface LogEntry<T> {
  /** In bytes. */
  offset: number;
  /** From 1, which is where reading began. */
  number: number;
  body: T & LogLine;
}

/**
 * The lines of a log that count, in order. Returns where the rest of an interrupted write begins, if there is
 * one.
 *
 * @param range - from a line that counts, or from the beginning
 * @throws STORE_CORRUPT at the first line of which it can't be said that it was never acknowledged
 */
export async function* readLog<T>(
  path: string,
  range: Range = {},
): AsyncGenerator<LogEntry<T>, number | undefined> {
  /** Where lines begin, in whose place another writer may have expected its own, and their marks. */
  const starts = new Map<number, string | undefined>();
  /** The first unreadable line since the last one that counts. */
  let torn: RawLine | undefined;
  /** The line just read, when it was unreadable. */
  let unreadable: RawLine | undefined;

  const isDisplaced = ({ at, sealed, mark }: LogLine): boolean =>
    (sealed ?? at) < (range.from ?? 0) || (starts.has(sealed ?? at) && starts.get(at) !== mark);

  for await (const line of readLines(path, range)) {
    const { offset, number, bytes } = line;
    if (!line.terminated) return torn?.offset ?? offset;
    const body = decodeLine<T>(bytes);
    const displaced = body && isDisplaced(body);
    starts.set(offset, body?.mark);
    // Stands alone when what it was to cut off was only unfinished yet, and has its end now.
    if (bytes.length === loneSeal.length && bytes.toString('latin1') === loneSeal) continue;
    if (!body) {
      torn ??= line;
      unreadable = line;
    } else if (body.at === offset) {
      // What stands before the place where reading began was cut off there, too.
      const { sealed } = body;
      const cut = sealed !== undefined && sealed < (range.from ?? 0) ? undefined : sealed;
      if (cut !== torn?.offset) throw corrupt(path, torn?.number ?? number);
      torn = undefined;
      unreadable = undefined;
      yield { offset, number, body };
    } else {
      // Refused because someone else's line stands where it expected to stand; nothing else moves a line.
      // Only the mark tells this from a line that was doubled by hand.
      if (!displaced) throw corrupt(path, torn?.number ?? number);
      unreadable = undefined;
    }
  }
  // An interrupted write leaves no line break.
  if (unreadable) throw corrupt(path, unreadable.number);
  return torn?.offset;
}

/** The error for a line that is not as it was written. */
export function corrupt(path: string, number: number): VwmpError {
  const message =
    `Line ${number} of ${path} is damaged: it is not as it was written, or a line before it is missing. ` +
    'Put the file back from a backup, or move it away to go on without it.';
  return new VwmpError('STORE_CORRUPT', message, { retryable: false, details: { path, line: number } });
}
