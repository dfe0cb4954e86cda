import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hasCode } from '@vwmp/core';
import type { Platform, WebhookAnswer } from '@vwmp/core/platform';
import { refuse } from '../app/error-answer.ts';
import { readBytes } from '../app/read-bytes.ts';
import { type Env, remoteOfEnv, type Services } from '../app/services.ts';
import { askerOf } from '../security/client-address.ts';
import { headerOf } from '../security/headers.ts';

/** Where the paths of webhooks begin. */
export const webhooksPath = '/webhooks/';

/** What a delivery is answered with. */
export interface DeliveryAnswer extends WebhookAnswer {
  /** The first of the executions, under both names. Missing when the delivery is ignored. */
  task_id?: string;
  execution_id?: string;
}

/**
 * Takes a delivery: `POST /webhooks/{path}`. Its signature says who sends it, so no key is needed. Once it is answered with 202, what it starts
 * is recorded; 200 says that nobody wants it.
 */
export async function receiveDelivery(services: Services, request: Request, env?: Env): Promise<Response> {
  const { platform, options } = services;
  const begun = performance.now();
  const requestId = services.requestId(request.headers);
  let response: Response;
  try {
    refusePages(services, request);
    const answer = toAnswer(await accept(platform, request, env?.incoming));
    response = new Response(JSON.stringify(answer), {
      status: answer.status === 'queued' ? 202 : 200,
      headers: { ...services.headers(request, requestId), 'content-type': 'application/json; charset=utf-8' },
    });
  } catch (error) {
    response = services.fail(slowDown(services, request, env, error), request, requestId);
  }
  options.onRequest?.({
    ...{ method: 'POST', route: `${webhooksPath}{path}`, status: response.status, requestId },
    seconds: (performance.now() - begun) / 1000,
  });
  return response;
}

async function accept(
  platform: Platform,
  request: Request,
  incoming: IncomingMessage | undefined,
): Promise<WebhookAnswer> {
  const { pathname, searchParams } = new URL(request.url);
  const body = await readBytes(request, platform.settings.api.maxBody, incoming);
  const headers = incoming ? joined(incoming.headers) : Object.fromEntries(request.headers);
  return platform.acceptWebhook(pathOf(pathname), { headers, body, query: Object.fromEntries(searchParams) });
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? '']));
}

/** @throws WEBHOOK_NOT_FOUND */
function pathOf(pathname: string): string {
  try {
    return decodeURIComponent(pathname.slice(webhooksPath.length));
  } catch {
    throw refuse('WEBHOOK_NOT_FOUND', 'There is no webhook at this path.');
  }
}

function toAnswer(answer: WebhookAnswer): DeliveryAnswer {
  const id = answer.executions[0]?.execution_id;
  return id === undefined ? answer : { task_id: id, execution_id: id, ...answer };
}

/** What sends webhooks is no page: one that any site could call from the browser of somebody here. @throws ORIGIN_REFUSED */
function refusePages({ gate }: Services, { headers }: Request): void {
  const origin = headers.get('origin') ?? undefined;
  if (origin === undefined || gate.origins.isAllowedOrigin(origin, headers.get('host') ?? undefined)) return;
  throw refuse('ORIGIN_REFUSED', 'Pages of this origin may not use the API.');
}

/** Who tries signatures or paths is slowed down. */
function slowDown({ gate }: Services, { headers }: Request, env: Env | undefined, error: unknown): unknown {
  if (!hasCode(error, 'WEBHOOK_SIGNATURE') && !hasCode(error, 'WEBHOOK_NOT_FOUND')) return error;
  const remote = remoteOfEnv(env);
  const { ok, retryAfter } = gate.limiter.take(askerOf(gate.clientAddress(headers, remote)));
  if (ok) return error;
  return refuse('RATE_LIMITED', 'Too many deliveries were refused.', { retry_after: retryAfter });
}
