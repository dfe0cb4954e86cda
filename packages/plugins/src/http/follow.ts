import type { IncomingMessage } from 'node:http';
import { VwmpError } from '@vwmp/core';
import { connectionError } from './errors.ts';
import { exchange, type Outgoing, type Wire } from './exchange.ts';
import { forOtherOrigin, withoutBody } from './headers.ts';
import { checkLiteral } from './public-lookup.ts';
import { display, parseTarget } from './target.ts';

/** An answer and the request that it answers: after redirects another one than the first. */
export interface Answer {
  readonly response: IncomingMessage;
  readonly outgoing: Outgoing;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** True for a status and headers that lead elsewhere. */
export function isRedirect(response: IncomingMessage): boolean {
  return redirectStatuses.has(response.statusCode ?? 0) && response.headers.location !== undefined;
}

/**
 * Sends a request and follows up to `maximum` redirects. With 0 the redirect itself is the answer.
 *
 * @throws HTTP_REDIRECTS when there are more, or one leads from https to http; HTTP_BLOCKED; connection errors
 */
export async function follow(
  first: Outgoing,
  maximum: number,
  wire: Wire,
  signal: AbortSignal,
): Promise<Answer> {
  let outgoing = first;
  for (let followed = 0; ; followed++) {
    const what = `${outgoing.method} ${display(outgoing.url)}`;
    if (wire.lookup !== undefined) checkLiteral(outgoing.url);
    const response = await exchange(outgoing, wire, signal).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : connectionError(error, what);
    });
    if (maximum === 0 || !isRedirect(response)) return { response, outgoing };
    // Its body is of no use, and may have no end.
    response.destroy();
    if (followed === maximum) {
      const message = `${first.method} ${display(first.url)} was redirected more than ${maximum} times.`;
      throw new VwmpError('HTTP_REDIRECTS', message, { retryable: false });
    }
    outgoing = redirected(outgoing, response.statusCode ?? 0, response.headers.location ?? '');
  }
}

/** The request that a redirect asks for, with its method and body changed as the Fetch standard has it. */
function redirected(from: Outgoing, status: number, location: string): Outgoing {
  // Header bytes arrive as Latin-1; servers that do not encode their urls send UTF-8.
  const target = parseTarget(Buffer.from(location, 'latin1').toString(), from.url);
  if (from.url.protocol === 'https:' && target.url.protocol === 'http:') {
    const message = `${from.method} ${display(from.url)} was redirected to ${display(target.url)}, which is not encrypted.`;
    throw new VwmpError('HTTP_REDIRECTS', message, { retryable: false });
  }
  let { method, headers, body } = from;
  const becomesGet =
    status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST';
  if (becomesGet && method !== 'GET') {
    method = 'GET';
    body = undefined;
    headers = withoutBody(headers);
  }
  const next = target.url.origin === from.url.origin ? new Map(headers) : forOtherOrigin(headers);
  if (target.authorization !== undefined) next.set('authorization', target.authorization);
  return { method, url: target.url, headers: next, body };
}
