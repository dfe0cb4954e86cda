import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { VwmpError } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';

/** As many codings as a server may put around a body; each of them multiplies. */
const maxCodings = 2;

/** The bytes of a body, and whether there were more. */
export interface Received {
  readonly bytes: Buffer;
  readonly cut: boolean;
}

/**
 * Reads the body, decompressed, up to a limit. The rest is not read: the connection is closed.
 *
 * @throws HTTP_BODY_INVALID when it cannot be decompressed; what the connection throws
 */
export async function receive(
  response: IncomingMessage,
  hasBody: boolean,
  maxBytes: number,
): Promise<Received> {
  if (!hasBody) {
    response.resume();
    return { bytes: Buffer.alloc(0), cut: false };
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let cut = false;
  const stream = decompress(response);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      // Leaving the loop destroys the stream.
      if (length > maxBytes) {
        cut = true;
        chunks.push(chunk.subarray(0, chunk.length - (length - maxBytes)));
        break;
      }
      chunks.push(chunk);
    }
  } catch (error) {
    const code = systemCode(error);
    if (!code.startsWith('Z_') && !code.startsWith('ERR__ERROR') && !code.startsWith('ERR_BROTLI'))
      throw error;
    throw new VwmpError('HTTP_BODY_INVALID', `The body of the answer cannot be decompressed (${code}).`, {
      cause: error,
      retryable: false,
    });
  } finally {
    if (stream !== response) response.destroy();
  }
  return { bytes: Buffer.concat(chunks), cut };
}

function decompress(response: IncomingMessage): Readable {
  const codings = (response.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return response;
  if (codings.length > maxCodings) throw unreadable(response, codings);
  const { createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule('node:zlib');
  const decoders = codings.reverse().map((coding) => {
    if (coding === 'gzip' || coding === 'x-gzip') return createGunzip();
    if (coding === 'br') return createBrotliDecompress();
    if (coding === 'deflate') return createInflate();
    throw unreadable(response, codings);
  });
  let stream: Readable = response;
  for (const decoder of decoders) {
    // Unlike pipe(), an error on either side ends both; it is thrown where the last stream is read.
    stream = process.getBuiltinModule('node:stream').pipeline(stream, decoder, () => {});
  }
  return stream;
}

function unreadable(response: IncomingMessage, codings: readonly string[]): VwmpError {
  response.destroy();
  const message = `The body of the answer is encoded as ${JSON.stringify(codings.join(', ').slice(0, 60))}, which cannot be read.`;
  return new VwmpError('HTTP_BODY_INVALID', message, { retryable: false });
}
