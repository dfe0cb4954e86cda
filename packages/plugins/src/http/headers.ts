import { VwmpError } from '@vwmp/core';

/** Headers of a request, by name in lower case. */
export type Headers = ReadonlyMap<string, string>;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Everything but these could end the header and begin another, or is cut to one byte on the way.
const allowedValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Those that describe how a message is framed. Two opinions about that are how requests are smuggled. */
const framing = new Set([
  'connection',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** All that another origin gets to see of a request. A list of what is secret could never be complete. */
const crossOrigin = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-language',
  'content-type',
  'idempotency-key',
  'user-agent',
]);

/**
 * Checks the headers of a config.
 *
 * @throws HTTP_HEADER_INVALID
 */
export function parseHeaders(
  given: Readonly<Record<string, string | number | boolean>> = {},
): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const text = String(value).trim();
    const key = name.toLowerCase();
    if (!token.test(name)) throw invalid(name, 'is not a header name');
    // Seen before trimming: a line break at the end is refused like one in the middle, not mended.
    if (!allowedValue.test(String(value)))
      throw invalid(name, 'has a value with characters that no header can hold');
    if (framing.has(key)) throw invalid(name, 'is set by the connection and cannot be given');
    if (headers.has(key)) throw invalid(name, 'is given twice');
    headers.set(key, text);
  }
  return headers;
}

/** What is left of the headers when a redirect leads to another origin. */
export function forOtherOrigin(headers: Headers): Map<string, string> {
  return new Map([...headers].filter(([name]) => crossOrigin.has(name)));
}

/** What is left of the headers when a redirect turns the request into one without a body. */
export function withoutBody(headers: Headers): Map<string, string> {
  return new Map([...headers].filter(([name]) => !name.startsWith('content-')));
}

function invalid(name: string, why: string): VwmpError {
  return new VwmpError('HTTP_HEADER_INVALID', `The header ${JSON.stringify(name.slice(0, 100))} ${why}.`, {
    retryable: false,
  });
}
