import { Buffer } from 'node:buffer';

/** The bytes to send, and the content type that says what they are unless the config does. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Text is sent as it is, anything else as JSON; undefined is no body. */
export function encodeBody(body: unknown): RequestBody | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { bytes: Buffer.from(body), contentType: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.from(JSON.stringify(body)), contentType: 'application/json' };
}
