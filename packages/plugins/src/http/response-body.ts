import type { Buffer } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { VwmpError } from '@vwmp/core';

/** How the config wants the body to be read. */
export type ResponseFormat = 'auto' | 'json' | 'text' | 'base64';

/**
 * Makes a value of the body.
 *
 * @param contentType - of the answer; empty when it has none
 * @throws HTTP_BODY_INVALID when it is not what it should be
 */
export function decodeBody(bytes: Buffer, contentType: string, format: ResponseFormat): unknown {
  if (format === 'base64') return bytes.toString('base64');
  const isJson = /^[^;]*[/+]json\s*(?:;|$)/i.test(contentType);
  if (bytes.length === 0) return format === 'text' ? '' : null;
  const text = decodeText(bytes, contentType);
  if (format === 'text' || (format === 'auto' && !isJson)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The message of the parser quotes the text, which may be private, so it is not repeated.
    throw new VwmpError('HTTP_BODY_INVALID', `The body of the answer is not JSON (${bytes.length} bytes).`, {
      retryable: false,
      details: { syntax_error: cause instanceof SyntaxError },
    });
  }
}

/** Text for an error: as much as can be read of it. */
export function previewText(bytes: Buffer, contentType: string): string {
  // As of a stream: a character that was cut in two at the end is left out.
  return decoder(contentType, false).decode(bytes, { stream: true });
}

function decodeText(bytes: Buffer, contentType: string): string {
  try {
    return decoder(contentType, true).decode(bytes);
  } catch {
    // Replacing what cannot be read would pass on a damaged file without a word.
    const message = `The body of the answer (${contentType || 'no content type'}) is no text; ask for it with response: base64.`;
    throw new VwmpError('HTTP_BODY_INVALID', message, { retryable: false });
  }
}

function decoder(contentType: string, fatal: boolean): TextDecoder {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    return new TextDecoder('utf-8', { fatal });
  }
}
