import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { openToRead } from './open.ts';
import type { Place } from './paths.ts';

/** Bytes that went by and their checksum. */
export interface Digest {
  readonly size: number;
  readonly sha256: string;
}

const chunkBytes = 256 * 1024;

/** Of bytes in memory. */
export function digestOf(bytes: Uint8Array): Digest {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Reads a file to its end in pieces, so that its size does not matter.
 *
 * @param use - gets each piece, which is overwritten by the next one
 */
export async function digestFile(
  handle: FileHandle,
  signal: AbortSignal,
  use: (piece: Uint8Array) => Promise<void> = async () => {},
): Promise<Digest> {
  const hash: Hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let size = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, size);
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await use(piece);
    size += bytesRead;
  }
}

/** Of the file at a place. */
export async function digestAt(place: Place, signal: AbortSignal): Promise<Digest> {
  const handle = await openToRead(place);
  try {
    return await digestFile(handle, signal);
  } finally {
    await handle.close();
  }
}
