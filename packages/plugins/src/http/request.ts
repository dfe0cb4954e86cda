import type { Execute, HandlerContext } from '@vwmp/core';
import { VwmpError } from '@vwmp/core';
import { startDeadline } from '../shared/deadline.ts';
import { milliseconds } from '../shared/milliseconds.ts';
import { createConnections } from './connections.ts';
import { httpDefaults } from './defaults.ts';
import { connectionError } from './errors.ts';
import type { Outgoing, Wire } from './exchange.ts';
import { type Answer, follow, isRedirect } from './follow.ts';
import { parseHeaders } from './headers.ts';
import type { HttpOptions } from './options.ts';
import { publicLookup } from './public-lookup.ts';
import { receive } from './receive.ts';
import { encodeBody } from './request-body.ts';
import { decodeBody, previewText, type ResponseFormat } from './response-body.ts';
import { isAccepted, statusError } from './status.ts';
import { addQuery, display, parseTarget, type Query } from './target.ts';
import { addTraceContext } from './trace-context.ts';

/** Config of `http.request`, as its schema allows it. */
export interface RequestConfig {
  readonly url: string;
  readonly method?: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  readonly response?: ResponseFormat;
  readonly ok?: readonly (number | string)[];
  readonly timeout?: string | number;
  readonly max_bytes?: number;
  readonly redirects?: number;
  readonly idempotency?: boolean;
}

/** Output of `http.request`. */
export interface RequestOutput {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
  readonly url: string;
}

/** How much of a refused answer an error keeps, in bytes. */
const previewBytes = 2048;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Makes the code of `http.request`. All requests of one plugin share their connections. */
export function createRequest(options: HttpOptions): Execute<RequestConfig, Promise<RequestOutput>> {
  const wire: Wire = {
    connections: createConnections(),
    lookup: options.blockPrivateAddresses === true ? publicLookup : undefined,
  };
  return async (context) => {
    const { config } = context;
    context.signal.throwIfAborted();
    const outgoing = prepare(context);
    const what = `${outgoing.method} ${display(outgoing.url)}`;
    const timeout = config.timeout ?? httpDefaults.timeout;
    const deadline = startDeadline(
      context.signal,
      milliseconds(timeout),
      () => new VwmpError('HTTP_TIMEOUT', `${what} was not answered in full within ${timeout}.`),
    );
    try {
      const answer = await follow(
        outgoing,
        config.redirects ?? httpDefaults.redirects,
        wire,
        deadline.signal,
      );
      return await read(answer, config, deadline.signal);
    } finally {
      deadline.release();
    }
  };
}

function prepare({ config, idempotencyKey }: HandlerContext<RequestConfig>): Outgoing {
  const method = config.method ?? 'GET';
  const { url, authorization } = parseTarget(config.url);
  addQuery(url, config.query);
  const headers = parseHeaders(config.headers);
  const setDefault = (name: string, value: string): void => {
    if (!headers.has(name)) headers.set(name, value);
  };
  setDefault('accept', '*/*');
  setDefault('accept-encoding', 'gzip, br');
  setDefault('user-agent', 'vwmp');
  if (authorization !== undefined) setDefault('authorization', authorization);
  addTraceContext(headers);
  if (!safeMethods.has(method) && config.idempotency !== false) setDefault('idempotency-key', idempotencyKey);
  const body = encodeBody(config.body);
  if (body !== undefined) setDefault('content-type', body.contentType);
  return { method, url, headers, body: body?.bytes };
}

async function read(
  { response, outgoing }: Answer,
  config: RequestConfig,
  signal: AbortSignal,
): Promise<RequestOutput> {
  const status = response.statusCode ?? 0;
  const accepted = isAccepted(status, config.ok ?? httpDefaults.ok);
  const maxBytes = config.max_bytes ?? httpDefaults.maxBytes;
  const what = `${outgoing.method} ${display(outgoing.url)}`;
  const contentType = response.headers['content-type'] ?? '';
  const hasBody = outgoing.method !== 'HEAD' && status !== 204 && status !== 304;
  try {
    if (!accepted) {
      // A body that breaks off or cannot be read must not hide the status.
      const preview = await receive(response, hasBody, previewBytes).catch(() => undefined);
      signal.throwIfAborted();
      const location = isRedirect(response)
        ? parseTarget(response.headers.location ?? '', outgoing.url).url
        : undefined;
      throw statusError(what, {
        status,
        reason: response.statusMessage ?? '',
        body: preview === undefined ? '' : previewText(preview.bytes, contentType),
        retryAfter: response.headers['retry-after'],
        ...(location !== undefined && { location: display(location) }),
      });
    }
    const received = await receive(response, hasBody, maxBytes);
    if (received.cut) {
      const message = `The answer to ${what} is longer than ${maxBytes} bytes; raise max_bytes if it should be.`;
      throw new VwmpError('HTTP_TOO_LARGE', message, { retryable: false, details: { max_bytes: maxBytes } });
    }
    const format = config.response ?? 'auto';
    const body = hasBody ? decodeBody(received.bytes, contentType, format) : null;
    return { status, headers: outputHeaders(response.headers), body, url: outgoing.url.href };
  } catch (error) {
    throw signal.aborted ? signal.reason : connectionError(error, what);
  }
}

function outputHeaders(headers: Readonly<NodeJS.Dict<string | string[]>>): RequestOutput['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
