import type { IncomingMessage } from 'node:http';
import { hasCode } from '@vwmp/core';
import { refuse, requestInvalid } from './error-answer.ts';

/**
 * Reads a body as it came: signatures are of bytes.
 *
 * @param limit - in bytes; what is larger is not read to its end
 * @param incoming - how the request came, where it is at hand: a web stream of it costs 12 MB
 * @throws BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID when it breaks off, or somebody else has read it
 */
export async function readBytes(
  request: Request,
  limit: number,
  incoming?: IncomingMessage,
): Promise<Uint8Array> {
  // What is left of it may be nothing, which is an error of the stream or an empty body.
  if (incoming?.readableDidRead && !('rawBody' in incoming))
    throw requestInvalid(
      'The body was read before it came here, by a body parser of the server that this API is mounted in. Mount the API before the parser.',
    );
  try {
    return await readAll(request, limit, incoming);
  } catch (error) {
    // A connection that was cut, or chunks that are none: nobody here can do anything about it, so it is no failure of the server.
    if (!incoming?.destroyed || incoming.complete || hasCode(error, 'BODY_TOO_LARGE')) throw error;
    throw requestInvalid('The body ended before all of it had come.');
  }
}

async function readAll(request: Request, limit: number, incoming?: IncomingMessage): Promise<Uint8Array> {
  const { headers } = request;
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    throw refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      'The body is compressed, which is not read here. Send it as it is.',
    );
  const length = headers.get('content-length');
  if (length !== null) {
    if (Number(length) > limit) throw tooLarge(limit);
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  if (incoming === undefined || !isReadable(incoming)) return collect(request.body ?? [], limit);
  if (!headers.has('transfer-encoding')) return new Uint8Array();
  // Whoever sent too much is answered, and cannot be on a connection that was cut.
  return collect(incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>, limit);
}

/** What mounts the app may speak HTTP/2, where bodies need not say that they are there, or have kept the body that it read. */
function isReadable(incoming: IncomingMessage): boolean {
  return incoming.httpVersionMajor === 1 && !('rawBody' in incoming);
}

/** Leaving the loop cancels a web stream. @throws BODY_TOO_LARGE */
async function collect(
  from: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of from) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}

function tooLarge(limit: number): Error {
  return refuse('BODY_TOO_LARGE', `The body is larger than ${limit} bytes, which is the most that is read.`, {
    limit,
  });
}
