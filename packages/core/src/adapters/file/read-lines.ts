import { node } from './node.ts';

/** A line as it stands in the file. */
export interface RawLine {
  /** In bytes. */
  offset: number;
  /** From 1, which is where reading began. */
  number: number;
  /** Without its line break. */
  bytes: Buffer;
  /** False for what stands after the last line break. */
  terminated: boolean;
}

const chunkSize = 256 * 1024;
const lineBreak = 0x0a;

/** Offsets in bytes. */
export interface Range {
  /** Where a line begins. @defaultValue 0 */
  from?: number;
  /** As if the file ended here. */
  until?: number;
}

/**
 * The lines of a file, or of a part of it. The file is open only while a piece is read, never while the reader is
 * busy with it: one that walks away leaves nothing open.
 */
export async function* readLines(
  path: string,
  { from = 0, until = Number.POSITIVE_INFINITY }: Range = {},
): AsyncGenerator<RawLine, void> {
  let rest: Buffer[] = [];
  let offset = from;
  let position = from;
  let number = 1;
  for (;;) {
    const wanted = Math.min(chunkSize, until - position);
    const chunk = await readPiece(path, position, wanted);
    if (chunk.length === 0) break;
    position += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(lineBreak); end >= 0; end = chunk.indexOf(lineBreak, start)) {
      const part = chunk.subarray(start, end);
      const bytes = rest.length === 0 ? part : Buffer.concat([...rest, part]);
      rest = [];
      yield { offset, number, bytes, terminated: true };
      offset += bytes.length + 1;
      number++;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    // Less than asked for is the end; asking again would cost two more calls for every small file.
    if (chunk.length < chunkSize) break;
  }
  if (rest.length > 0) yield { offset, number, bytes: Buffer.concat(rest), terminated: false };
}

async function readPiece(path: string, position: number, length: number): Promise<Buffer> {
  const handle = await node.fs.open(path, 'r');
  try {
    return await readAt(handle, position, length);
  } finally {
    await handle.close();
  }
}

/** Reads `length` bytes, or up to the end of the file. */
export async function readAt(
  handle: import('node:fs/promises').FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
