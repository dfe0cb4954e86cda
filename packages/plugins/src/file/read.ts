import { TextDecoder } from 'node:util';
import type { HandlerContext } from '@vwmp/core';
import { type Digest, digestOf } from './checksum.ts';
import { fileError, refuse } from './errors.ts';
import { openToRead } from './open.ts';
import { locate, type Place } from './paths.ts';
import { defaultMaxBytes } from './schemas.ts';

/** Config of `file.read`. */
export interface ReadConfig {
  readonly path: string;
  readonly encoding?: 'utf8' | 'base64';
  readonly json?: boolean;
  readonly max_bytes?: number;
}

/** Output of `file.read`. */
export interface ReadOutput extends Digest {
  readonly path: string;
  readonly content: unknown;
}

/** The code of `file.read`. */
export async function execute({
  config,
  workspace,
  signal,
}: HandlerContext<ReadConfig>): Promise<ReadOutput> {
  signal.throwIfAborted();
  const place = await locate(workspace, config.path);
  try {
    const bytes = await readLimited(place, config.max_bytes ?? defaultMaxBytes, signal);
    return { path: place.shown, ...digestOf(bytes), content: decode(bytes, config) };
  } catch (error) {
    throw fileError(error, config.path);
  }
}

async function readLimited(place: Place, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const handle = await openToRead(place);
  try {
    const { size } = await handle.stat();
    // The size is a hint: a file may grow while it is read, and those of /proc say 0. So one byte more is asked for.
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      if (Math.max(size, length) > maxBytes) {
        throw refuse(
          'FILE_TOO_LARGE',
          place.given,
          `has more than ${maxBytes} bytes; raise max_bytes to read it`,
          {
            details: { size: Math.max(size, length), max_bytes: maxBytes },
          },
        );
      }
      signal.throwIfAborted();
      const wanted = Math.min(Math.max(size - length, 0) + 1, 1024 * 1024, maxBytes - length + 1);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.max(wanted, 4096)), 0);
      if (bytesRead === 0) return Buffer.concat(chunks, length);
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer, { path, encoding, json }: ReadConfig): unknown {
  if (encoding === 'base64' && json !== true) return bytes.toString('base64');
  let text: string;
  try {
    // The mark at the beginning of some texts belongs to the content; only JSON has no place for it.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: json !== true }).decode(bytes);
  } catch {
    throw refuse('FILE_CONTENT_INVALID', path, 'is no UTF-8 text; read it with encoding: base64');
  }
  if (json !== true) return text;
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which may be private.
    throw refuse('FILE_CONTENT_INVALID', path, 'is not JSON');
  }
}
