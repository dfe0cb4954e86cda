import { createCall } from './call.ts';
import { requestInvalid } from './error-answer.ts';
import { admit } from './gate.ts';
import { createReader } from './read-request.ts';
import type { Reply, Route } from './route.ts';
import { type Env, remoteOfEnv, type Services } from './services.ts';

/** Makes what answers the requests of one operation. */
export function serveOperation(
  services: Services,
  route: Route,
  path: string,
): (request: Request, params: Record<string, string>, env: Env | undefined) => Promise<Response> {
  const { platform, gate, views, ending, options } = services;
  const { maxBody, maxDepth } = platform.settings.api;
  const read = createReader(route, { maxBody, maxDepth });
  const parts = { platform, views, ending, audit: gate.audit };
  const { onRequest } = options;

  return async (request, params, env) => {
    const begun = onRequest ? performance.now() : 0;
    // Making the headers of a web request takes as long as the rest of a simple one.
    const received = env?.incoming?.headers ?? request.headers;
    const requestId = services.requestId(received);
    let response: Response;
    let actor: string | undefined;
    try {
      const remote = remoteOfEnv(env);
      const principal = await admit(gate, received, remote, route.role);
      actor = principal.name;
      const input = await read(request, received, params, env?.incoming);
      const check = (): Promise<unknown> => gate.authenticator.authenticate(received, remote);
      const report = (error: unknown): void => services.report(error, request, requestId);
      const call = createCall(parts, request, received, principal, check, report);
      const reply = await route.handle(call, input as never);
      const headers = services.headers(request, requestId, received);
      response = answer(request.method === 'HEAD' ? withoutStream(reply) : reply, headers);
    } catch (error) {
      response = services.fail(isOddCursor(error) ? oddCursor() : error, request, requestId, received);
    }
    onRequest?.({
      method: request.method,
      route: path,
      status: response.status,
      seconds: (performance.now() - begun) / 1000,
      requestId,
      ...(actor !== undefined && { actor }),
    });
    return response;
  };
}

function answer(
  { status, body, text, stream, headers }: Reply<unknown>,
  common: Record<string, string>,
): Response {
  const content = stream ?? text ?? (body === undefined ? null : JSON.stringify(body));
  const type = content === null ? undefined : { 'content-type': 'application/json; charset=utf-8' };
  // What an answer depends on besides its origin.
  const vary = common.vary && headers?.vary && { vary: `${common.vary}, ${headers.vary}` };
  return new Response(content, { status, headers: { ...common, ...type, ...headers, ...vary } });
}

/** Nobody would read it to its end, nor go: what it follows would be followed for ever. */
function withoutStream({ stream, ...reply }: Reply<unknown>): Reply<unknown> {
  void stream?.cancel();
  return reply;
}

/** Stores throw no code for what somebody has made up. */
function isOddCursor(error: unknown): boolean {
  return error instanceof TypeError && /is no cursor of this list/.test(error.message);
}

function oddCursor(): Error {
  const message = 'It is no cursor of this list. Take the "next_cursor" of a page.';
  return requestInvalid(`The query has a problem: ${message}`, [{ path: 'query.cursor', message }]);
}
