import type { IncomingMessage } from 'node:http';
import { refuse, requestInvalid } from './error-answer.ts';
import { readBytes } from './read-bytes.ts';

/** A body as text, with what it is said to be. */
export interface BodyText {
  text: string;
  /** Without parameters, lower case; empty when it was not said. */
  type: string;
}

/** The values of other parameters. */
const quoted = /(?<!charset\s*=\s*)"[^"]*"/gi;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as a whole.
 *
 * @param limit - in bytes
 * @param incoming - how the request came, where it is at hand
 * @throws BODY_TOO_LARGE; REQUEST_INVALID when it is not UTF-8; MEDIA_TYPE_UNSUPPORTED for another encoding
 */
export async function readBody(
  request: Request,
  limit: number,
  incoming?: IncomingMessage,
): Promise<BodyText> {
  const contentType = request.headers.get('content-type') ?? '';
  const type = mediaType(contentType);
  const charset = /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType.replace(quoted, ''))?.[1];
  if (charset !== undefined && !/^(utf-?8|(us-)?ascii)$/i.test(charset))
    throw refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      `The body is read as UTF-8, and not as ${JSON.stringify(charset.slice(0, 50))}.`,
    );
  const bytes = await readBytes(request, limit, incoming);
  try {
    return { text: decoder.decode(bytes), type };
  } catch {
    throw requestInvalid('The body is not valid UTF-8.');
  }
}

function mediaType(header: string): string {
  return header.split(';', 1)[0]!.trim().toLowerCase();
}

/** @returns what kind of document a media type says, or the text where that says nothing */
export function documentKind({ type, text }: BodyText): 'json' | 'yaml' | undefined {
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (/^(application|text)\/(x-)?yaml$/.test(type) || type.endsWith('+yaml')) return 'yaml';
  if (type !== '' && type !== 'text/plain') return undefined;
  return /^\s*\{/.test(text) ? 'json' : 'yaml';
}
