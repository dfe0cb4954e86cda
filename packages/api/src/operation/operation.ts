import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasCode, type Logger } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { AnsweredRequest } from '../app/app.ts';
import { type Authenticator, createAuthenticator } from '../security/authenticate.ts';
import { readFixedKeys } from '../security/fixed-keys.ts';
import { createOrigins } from '../security/origins.ts';
import { remoteOf } from '../security/remote.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createReadiness } from './readiness.ts';
import { logRequest } from './request-log.ts';
import type { Tracing } from './tracing.ts';

export interface OperationOptions {
  platform: Platform;
  /** Those whose observer the platform has; without it executions are not counted. */
  metrics?: Metrics;
  logger?: Logger;
  /** Makes spans of requests. */
  tracing?: Tracing;
  /** @defaultValue as the settings say */
  authenticator?: Authenticator;
}

/** What the person who runs a process asks it: whether it is alive, whether it is ready, and how it is doing. */
export interface Operation {
  readonly metrics: Metrics;
  /** Answers `/healthz`, `/readyz` and `/metrics`. @returns false when the request is for something else */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Answers a request of the API, in a span of its own where there is tracing. */
  around(request: IncomingMessage, response: ServerResponse, answer: () => void): void;
  /** Counts a request that was answered, and writes it to the log. */
  onRequest(request: AnsweredRequest): void;
  /** Notes that the process is ready now. */
  ready(): void;
  /** From now on `/readyz` is red, so that nothing new is sent here. */
  drain(): void;
  close(): void;
}

/**
 * Makes the probes and metrics of a process, of one that serves the API as well as of a worker.
 *
 * `/healthz` and `/readyz` are open to everyone and say little. `/metrics` needs a key wherever the API needs one.
 */
export function createOperation(options: OperationOptions): Operation {
  const { platform, logger, tracing, metrics = createMetrics() } = options;
  tracing?.attach(platform);
  const { settings, storage } = platform;
  const { auth, host, keys, origins } = settings.api;
  const readiness = createReadiness(platform, logger);
  const places = createOrigins({ listed: origins, host, auth });
  const authenticator =
    options.authenticator ?? createAuthenticator({ keys: storage.keys, auth, fixed: readFixedKeys(keys) });

  const readyz = async (response: ServerResponse): Promise<void> => {
    if (readiness.draining)
      return send(response, 503, json, JSON.stringify({ status: 'draining', parts: [] }));
    const { ready, parts } = await readiness.check();
    const status = ready ? 'ready' : 'unready';
    // Messages name hosts and files: those are in the log.
    const shown = parts.map(({ name, backend, ok }) => ({ name, backend, ok }));
    send(response, ready ? 200 : 503, json, JSON.stringify({ status, parts: shown }));
  };

  const metricsOf = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      places.check(request.headers);
      await authenticator.authenticate(request.headers, remoteOf(request.socket));
    } catch (error) {
      const status = refusals.find(([code]) => hasCode(error, code))?.[1];
      // Keys cannot be looked up: whoever asks is not to be told why, which names hosts and files.
      if (status === undefined) throw error;
      if (status === 401) response.setHeader('www-authenticate', 'Bearer');
      return send(response, status, plain, `${(error as Error).message}\n`);
    }
    const health = await readiness.check();
    const seen = readiness.draining ? { ...health, ready: false } : health;
    send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics.collect(platform, seen));
  };

  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    '/healthz': (_request, response) => send(response, 200, plain, 'ok\n'),
    '/readyz': (_request, response) => readyz(response),
    ...(settings.metrics && { '/metrics': metricsOf }),
  };

  return {
    metrics,
    handle(request, response) {
      const path = pathOf(request.url ?? '');
      const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
      if (!answer) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        send(response, 405, plain, 'Only GET and HEAD.\n');
        return true;
      }
      Promise.resolve(answer(request, response)).catch((error: unknown) => {
        logger?.log('error', 'A probe could not be answered.', { path, error: String(error) });
        if (!response.headersSent) send(response, 503, plain, 'It could not be found out.\n');
      });
      return true;
    },
    around(request, response, answer) {
      if (!tracing) return answer();
      const { method = '', headers } = request;
      tracing.request(method, headers, (listener) => response.once('close', listener), answer);
    },
    onRequest(request) {
      metrics.onRequest(request);
      tracing?.answered(request);
      logRequest(logger, request);
    },
    ready: () => metrics.ready(),
    drain: () => readiness.drain(),
    close: () => metrics.close(),
  };
}

/** Without the query, and the slash that a path may end with. Asked for every request: a regular expression takes 5 µs. */
function pathOf(target: string): string {
  // Through a proxy the server may stand before it.
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
  const query = url.indexOf('?');
  const end = query < 0 ? url.length : query;
  return url.slice(0, end > 1 && url[end - 1] === '/' ? end - 1 : end);
}

/** What metrics are refused for. */
const refusals = [
  ['API_KEY_MISSING', 401],
  ['API_KEY_INVALID', 401],
  ['HOST_REFUSED', 403],
  ['ORIGIN_REFUSED', 403],
] as const;
const plain = 'text/plain; charset=utf-8';
const json = 'application/json; charset=utf-8';

/** The plain server is there before anything else is loaded: its headers are written out. */
function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  response.end(text);
}
