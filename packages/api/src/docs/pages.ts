import { openApiDocument } from '../openapi/document.ts';
import { securityHeaders } from '../security/response-headers.ts';

type Page = (request: Request, headers: Record<string, string>) => Response | Promise<Response>;

const pages: Readonly<Record<string, Page>> = {
  '/': (_request, headers) => new Response(null, { status: 302, headers: { ...headers, location: 'docs' } }),
  '/openapi.json': (_request, headers) =>
    new Response(JSON.stringify(openApiDocument()), {
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    }),
  '/docs': async (request, headers) => {
    const { renderDocs } = await import('./render.ts');
    const shown = { ...headers, ...securityHeaders('page', request.url.startsWith('https:')) };
    return new Response(
      renderDocs(openApiDocument(), new URL(request.url).pathname.endsWith('/') ? '../' : ''),
      {
        headers: { ...shown, 'content-type': 'text/html; charset=utf-8' },
      },
    );
  },
  '/docs/docs.js': async (_request, headers) =>
    asset((await import('./assets.ts')).script, 'text/javascript', headers),
  '/docs/docs.css': async (_request, headers) =>
    asset((await import('./assets.ts')).style, 'text/css', headers),
};

function asset(text: string, type: string, headers: Record<string, string>): Response {
  return new Response(text, {
    headers: { ...headers, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'public, max-age=300' },
  });
}

/** What is shown at a path that belongs to no operation. */
export function findPage(pathname: string): Page | undefined {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
  return Object.hasOwn(pages, path) ? pages[path] : undefined;
}
