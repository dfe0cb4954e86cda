import { VwmpError } from '@vwmp/core';

/** Where a request goes. The url holds no credentials: those are in `authorization`, ready to be sent. */
export interface Target {
  readonly url: URL;
  readonly authorization?: string;
}

/** Values for the query: lists repeat their name, null leaves it out. */
export type Query = Readonly<
  Record<string, string | number | boolean | null | readonly (string | number | boolean)[]>
>;

/**
 * Reads a url, and takes the credentials out of it, so that no message or output can hold them.
 *
 * @param base - what a relative one (of a redirect) is relative to
 * @throws HTTP_URL_INVALID
 */
export function parseTarget(text: string, base?: URL): Target {
  if (!URL.canParse(text, base?.href)) throw invalid(text, 'is not a valid url');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid(text, 'is neither http nor https');
  if (url.username === '' && url.password === '') return { url };
  let credentials: string;
  try {
    credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    throw invalid(text, 'has credentials that are not percent-encoded correctly');
  }
  url.username = '';
  url.password = '';
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** Adds to the query that the url already has. */
export function addQuery(url: URL, query: Query = {}): void {
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) url.searchParams.append(name, String(item));
    }
  }
}

/** The url for messages: without its query and fragment, which often hold keys. */
export function display(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 300);
}

function invalid(text: string, why: string): VwmpError {
  // Even of what cannot be parsed nothing is repeated that could be a password (before an "@") or a key (in a query).
  const safe = text
    .replace(/[?#].*$/su, '')
    .replace(/^.*@/su, '')
    .slice(0, 100);
  return new VwmpError('HTTP_URL_INVALID', `The url ${JSON.stringify(safe)} ${why}.`, { retryable: false });
}
