import { setImmediate } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import type { HandlerContext } from '@vwmp/core';
import { fileError } from '../file/errors.ts';
import { openToRead } from '../file/open.ts';
import { locate } from '../file/paths.ts';
import { refuse } from './errors.ts';

const pieceBytes = 256 * 1024;

/** Text in pieces; between two of them the event loop has a turn. */
export async function* textPieces(
  text: string,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  // A mark at the beginning stands for the encoding, not for itself.
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at += pieceBytes) {
    signal.throwIfAborted();
    yield text.slice(at, at + pieceBytes);
    await setImmediate();
  }
}

/**
 * The text of a file of any size in pieces.
 *
 * @param onBytes - told how many bytes of how many have been read
 * @throws DATA_ENCODING, DATA_TOO_LARGE, FILE_*, PATH_OUTSIDE
 */
export async function* filePieces(
  { workspace, signal }: Pick<HandlerContext<unknown>, 'workspace' | 'signal'>,
  path: string,
  maxBytes: number,
  onBytes: (read: number, size: number) => void = () => {},
): AsyncGenerator<string, void, undefined> {
  const place = await locate(workspace, path);
  const handle = await openToRead(place).catch((error: unknown) => {
    throw fileError(error, path);
  });
  try {
    const { size } = await handle.stat();
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (let read = 0; ; ) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, pieceBytes, read);
      read += bytesRead;
      if (read > maxBytes)
        throw refuse(
          'DATA_TOO_LARGE',
          `${JSON.stringify(path)} has more than ${maxBytes} bytes; raise max_bytes, or use data.convert.`,
        );
      const text = decode(decoder, buffer.subarray(0, bytesRead), path);
      if (text !== '') yield text;
      if (bytesRead === 0) return;
      onBytes(read, size);
    }
  } finally {
    await handle.close();
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes, { stream: bytes.length > 0 });
  } catch {
    throw refuse('DATA_ENCODING', `${JSON.stringify(path)} is no UTF-8 text.`);
  }
}
