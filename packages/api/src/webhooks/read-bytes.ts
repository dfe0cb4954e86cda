import { refuse } from '../app/error-answer.ts';

/**
 * Reads a body as it came: signatures are of bytes.
 *
 * @param limit - in bytes; what is larger is not read to its end
 * @throws BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const { headers } = request;
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw refuse('MEDIA_TYPE_UNSUPPORTED', 'The body is compressed. Send it as it is.');
  if (Number(headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    // Ending the loop cancels the stream.
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

function tooLarge(limit: number): Error {
  const message = `The body is larger than ${limit} bytes, which is the most that is read.`;
  return refuse('BODY_TOO_LARGE', message, { limit });
}
