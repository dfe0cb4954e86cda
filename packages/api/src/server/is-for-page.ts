import type { IncomingMessage } from 'node:http';

/** Where the files of the page are: everything else belongs to the API. */
const own = /^\/(?:index\.html|assets\/[^?]*)?(?:\?|$)/;

/** Whether a request is for the page in a browser. */
export function isForPage({ method, url = '' }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && own.test(url);
}
