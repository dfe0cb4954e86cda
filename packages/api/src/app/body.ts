import { refuse, requestInvalid } from './error-answer.ts';

/** A body as text, with what it is said to be. */
export interface BodyText {
  text: string;
  /** Without parameters, lower case; empty when it was not said. */
  type: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as a whole.
 *
 * @param limit - in bytes
 * @throws BODY_TOO_LARGE; REQUEST_INVALID when it is not UTF-8; MEDIA_TYPE_UNSUPPORTED for another encoding
 */
export async function readBody(request: Request, limit: number): Promise<BodyText> {
  const type = mediaType(request.headers.get('content-type'));
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    throw refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      'The body is compressed, which is not read here. Send it as it is.',
    );
  const bytes = await readBytes(request, limit);
  try {
    return { text: decoder.decode(bytes), type };
  } catch {
    throw requestInvalid('The body is not valid UTF-8.');
  }
}

/** @throws BODY_TOO_LARGE */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > limit) throw tooLarge(limit);
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  if (!request.headers.has('transfer-encoding') && request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    // Ending the loop cancels the stream.
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}

function mediaType(header: string | null): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

function tooLarge(limit: number): Error {
  return refuse('BODY_TOO_LARGE', `The body is larger than ${limit} bytes, which is the most that is read.`, {
    limit,
  });
}

/** @returns what kind of document a media type says; curl says it is a form when nobody says anything else. */
export function documentKind({ type, text }: BodyText): 'json' | 'yaml' | undefined {
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (/^(application|text)\/(x-)?yaml$/.test(type) || type.endsWith('+yaml')) return 'yaml';
  if (type !== '' && type !== 'text/plain') return undefined;
  return /^\s*\{/.test(text) ? 'json' : 'yaml';
}
