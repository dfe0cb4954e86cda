import type { IncomingMessage } from 'node:http';
import { toErrorInfo } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { RequestHeaders } from '../security/headers.ts';
import { remoteOf, thisMachine } from '../security/remote.ts';
import { securityHeaders } from '../security/response-headers.ts';
import type { AppOptions } from './app.ts';
import { consoleLogger } from './console-logger.ts';
import { createEnding, type Ending } from './ending.ts';
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
  readonly ending: Ending;
  requestId(headers: RequestHeaders): string;
  /** Headers of an answer of data. @param received - of the request, where they are at hand */
  headers(request: Request, requestId: string, received?: RequestHeaders): Record<string, string>;
  /** What a call tells the log of an error that is not answered. */
  report(error: unknown, request: Request, requestId: string): void;
  /** Answers an error; tells the log what the answer does not say. @param more - headers that this answer has as well */
  fail(
    error: unknown,
    request: Request,
    requestId?: string,
    received?: RequestHeaders,
    more?: Record<string, string>,
  ): Response;
}

/** @param ending - of the server around the app. @defaultValue nobody ends it */
export function createServices(
  platform: Platform,
  options: AppOptions,
  ending: Ending = createEnding(),
): Services {
  const gate = options.gate ?? createGate(platform, platform.settings, options.logger);
  const requestId = createRequestIds();
  const plain = securityHeaders('data', false);
  const overTls = securityHeaders('data', true);
  const headers: Services['headers'] = (request, id, received = request.headers) => ({
    ...(request.url.startsWith('https:') ? overTls : plain),
    ...gate.origins.corsHeaders(received),
    'x-request-id': id,
  });
  const tell = (
    message: string,
    error: unknown,
    { method, url }: Request,
    request_id: string,
    status: number,
    answered?: number,
  ): void => {
    // An outage is told by the part that has it.
    const logger = options.logger ?? (status < 503 ? consoleLogger : undefined);
    logger?.log('error', message, {
      ...{ request_id, method, path: pathOf(url), ...(answered !== undefined && { status: answered }) },
      ...toldOf(error, status),
    });
  };
  return {
    platform,
    gate,
    views: new WorkflowViews(platform.workflows),
    options,
    ending,
    requestId,
    headers,
    report(error, request, id) {
      const { status } = answerError(error, id);
      if (status < 503) tell('A request is answered without what it waited for.', error, request, id, status);
    },
    fail(error, request, id = requestId(request.headers), received = request.headers, more = {}) {
      const { status, body, headers: own, unexpected } = answerError(error, id);
      if (unexpected) tell('A request failed.', error, request, id, status, status);
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
