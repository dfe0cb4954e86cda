import { node } from './node.ts';

/**
 * A log is a file of JSON Lines to which several processes may append without a lock. Each write is one line
 * and says at which offset it expects to stand (`at`). The system puts appended writes one after the other,
 * so when two processes append at once, the later line stands elsewhere than it says: it was refused, and
 * everyone who reads the file sees that alike. Nothing is acknowledged before the writer has seen where its
 * line stands.
 *
 * - A line ends with a checksum; one that was damaged later is noticed.
 * - What a crash left of a line has no end. It is cut off by the next write: a {@link seal}, then a line that
 *   says from where on what stands before it is void (`sealed`). Nothing is ever truncated, since another
 *   process may have appended meanwhile.
 *
 * Rejected: lock files. In a container that is started again the process has the same id as the one that
 * crashed, so that a stale lock looks like a held one, and each append would cost two more changes of a
 * folder.
 */
export interface LogLine {
  /** The offset, in bytes, at which its writer expected it. */
  at: number;
  /** Everything from this offset up to this line is the rest of interrupted writes. */
  sealed?: number;
  /** Different in each line: two writers may want to append the very same, and only one of them did. */
  mark: string;
}

/** Ends what has no end. The first character spoils a line of which only the line break is missing. */
export const seal = '~\n';

const ending = /^,"crc":"([0-9a-f]{8})"\}$/;
const endingLength = ',"crc":"00000000"}'.length;

/** One line with its line break. */
export function encodeLine(body: object, at: number, sealed: number | undefined): Buffer {
  const text = JSON.stringify({
    at,
    sealed,
    mark: node.crypto.randomBytes(6).toString('base64url'),
    ...body,
  });
  const open = text.slice(0, -1);
  return Buffer.from(`${open},"crc":"${checksum(open)}"}\n`);
}

/** What a line says, or undefined when it is not as it was written. */
export function decodeLine<T>(bytes: Buffer): (T & LogLine) | undefined {
  const end = bytes.length - endingLength;
  if (end <= 0) return undefined;
  const crc = ending.exec(bytes.toString('latin1', end))?.[1];
  if (crc === undefined || crc !== checksum(bytes.subarray(0, end))) return undefined;
  try {
    const line: unknown = JSON.parse(bytes.toString('utf8'));
    return Number.isSafeInteger((line as LogLine).at) ? (line as T & LogLine) : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string | Buffer): string {
  return node.zlib.crc32(text).toString(16).padStart(8, '0');
}
