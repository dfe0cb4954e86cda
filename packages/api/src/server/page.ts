import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { securityHeaders } from '../security/response-headers.ts';

/**
 * Serves a built page: files with a hash in their name are kept by browsers for ever, `index.html` is asked for each time.
 *
 * @param folder - with an `index.html` and a folder `assets`
 * @returns what answers a request, and calls `next` where there is no such file
 */
export function createPage(
  folder: string,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const serve = sirv(folder, {
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      const tls = 'encrypted' in (response.socket ?? {});
      for (const [name, value] of Object.entries(securityHeaders('page', tls)))
        response.setHeader(name, value);
      const kept = path.startsWith('/assets/');
      response.setHeader('cache-control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response, next) => {
    // It throws for a part that ends before it begins, and nobody asks for parts of a page.
    delete request.headers.range;
    // A file that was there when the server began may have gone: another version was installed.
    response.once('pipe', (file) => file.once('error', () => response.destroy()));
    serve(request, response, next);
  };
}
