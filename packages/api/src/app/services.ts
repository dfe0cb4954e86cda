import type { IncomingMessage } from 'node:http';
import { toErrorInfo } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { RequestHeaders } from '../security/headers.ts';
import { remoteOf, thisMachine } from '../security/remote.ts';
import { securityHeaders } from '../security/response-headers.ts';
import type { AppOptions } from './app.ts';
import { consoleLogger } from './console-logger.ts';
import { answerError } from './error-answer.ts';
import { createGate, type Gate } from './gate.ts';
import { createRequestIds } from './request-id.ts';
import { WorkflowViews } from './workflow-views.ts';

/** How a request came, as `@hono/node-server` says it. */
export interface Env {
  incoming?: IncomingMessage;
  /** The program itself asks. */
  own?: true;
}

/** The address that a request comes from; undefined where nobody has said how it came. */
export function remoteOfEnv(env: Env | undefined): string | undefined {
  return env?.own ? thisMachine : remoteOf(env?.incoming?.socket);
}

/** What all requests of an app share. */
export interface Services {
  readonly platform: Platform;
  readonly gate: Gate;
  readonly views: WorkflowViews;
  readonly options: AppOptions;
  requestId(headers: RequestHeaders): string;
  /** Headers of an answer of data. @param received - of the request, where they are at hand */
  headers(request: Request, requestId: string, received?: RequestHeaders): Record<string, string>;
  /** Answers an error; tells the log what the answer does not say. @param more - headers that this answer has as well */
  fail(
    error: unknown,
    request: Request,
    requestId?: string,
    received?: RequestHeaders,
    more?: Record<string, string>,
  ): Response;
}

export function createServices(platform: Platform, options: AppOptions): Services {
  const gate = options.gate ?? createGate(platform, platform.settings, options.logger);
  const requestId = createRequestIds();
  const plain = securityHeaders('data', false);
  const overTls = securityHeaders('data', true);
  const headers: Services['headers'] = (request, id, received = request.headers) => ({
    ...(request.url.startsWith('https:') ? overTls : plain),
    ...gate.origins.corsHeaders(received),
    'x-request-id': id,
  });
  return {
    platform,
    gate,
    views: new WorkflowViews(platform.workflows),
    options,
    requestId,
    headers,
    fail(error, request, id = requestId(request.headers), received = request.headers, more = {}) {
      const { status, body, headers: own, unexpected } = answerError(error, id);
      // An outage is told by the part that has it.
      const logger = options.logger ?? (status === 500 ? consoleLogger : undefined);
      if (unexpected)
        logger?.log('error', 'A request failed.', {
          request_id: id,
          method: request.method,
          path: pathOf(request.url),
          status,
          ...toldOf(error, status),
        });
      return new Response(JSON.stringify(body), {
        status,
        headers: {
          ...headers(request, id, received),
          'content-type': 'application/json; charset=utf-8',
          ...own,
          ...more,
        },
      });
    },
  };
}

/** Of a part that is away or full its code and what to do; only of what nobody has thought of where it comes from. */
function toldOf(error: unknown, status: number): Record<string, string> {
  if (status === 500)
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message } = toErrorInfo(error);
  return { code, error: message };
}

/** Without the query, which may hold what nobody should read in a log. */
function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return path.split('?', 1)[0]!.slice(0, 500);
}
