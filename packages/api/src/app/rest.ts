import { type OperationName, operations, splitOperation } from '../contract/index.ts';
import { webhooksPath } from '../webhooks/receive.ts';
import { refuse } from './error-answer.ts';
import type { Env, Services } from './services.ts';

interface Known {
  method: string;
  pattern: RegExp;
}

const known: Known[] = (Object.keys(operations) as OperationName[]).map((name) => {
  const { method, path } = splitOperation(name);
  const pattern = path
    .replace(/\/$/, '')
    .replace(/[.]/g, '\\.')
    .replace(/\{\w+\}/g, '[^/]+');
  return { method, pattern: new RegExp(`^${pattern}/?$`) };
});

/** Names that requests are counted by: whoever makes one himself may write anything. */
const usual = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers what no operation answers: pages, `OPTIONS`, other methods, and what is not there. All of it is counted as `other`. */
export async function answerRest(services: Services, request: Request, _env?: Env): Promise<Response> {
  const { onRequest } = services.options;
  const begun = onRequest ? performance.now() : 0;
  const requestId = services.requestId(request.headers);
  const response = await answerOther(services, request, requestId);
  onRequest?.({
    method: usual.has(request.method) ? request.method : 'other',
    ...{ route: 'other', status: response.status, requestId },
    seconds: (performance.now() - begun) / 1000,
  });
  return response;
}

async function answerOther(services: Services, request: Request, requestId: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  try {
    services.gate.origins.check(request.headers);
    let methods = methodsOf(pathname);
    if (methods.length === 0) {
      const { findPage } = await import('../docs/pages.ts');
      const page = findPage(pathname);
      if (page && (request.method === 'GET' || request.method === 'HEAD'))
        return page(request, services.headers(request, requestId));
      if (page) methods = ['GET', 'HEAD', 'OPTIONS'];
    }
    if (methods.length === 0)
      throw refuse('ROUTE_NOT_FOUND', 'There is nothing at this path. /docs shows what there is.');
    const allow = methods.join(', ');
    if (request.method === 'OPTIONS') {
      const cors = services.gate.origins.preflightHeaders(request.headers);
      const headers = { ...services.headers(request, requestId), allow, ...cors };
      return new Response(null, { status: 204, headers });
    }
    const error = refuse(
      'METHOD_NOT_ALLOWED',
      `This path does not take ${request.method.slice(0, 20)}. It takes ${allow}.`,
    );
    return services.fail(error, request, requestId, request.headers, { allow });
  } catch (error) {
    return services.fail(error, request, requestId);
  }
}

function methodsOf(pathname: string): string[] {
  // Whether there is one at this path is told to nobody who does not deliver something.
  if (pathname.startsWith(webhooksPath)) return ['POST', 'OPTIONS'];
  const methods = new Set<string>();
  for (const { method, pattern } of known) {
    if (!pattern.test(pathname)) continue;
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
  }
  return methods.size === 0 ? [] : [...methods, 'OPTIONS'];
}
