import type { Platform } from '@vwmp/core/platform';
import { Hono } from 'hono';
import { type OperationName, operations, splitOperation } from '../contract/index.ts';
import { routes } from '../routes/index.ts';
import { receiveDelivery, webhooksPath } from '../webhooks/receive.ts';
import type { AppOptions, VwmpApp } from './app.ts';
import type { Ending } from './ending.ts';
import { answerRest } from './rest.ts';
import type { Route } from './route.ts';
import { serveOperation } from './serve-operation.ts';
import type { Env } from './services.ts';
import { createServices } from './services.ts';

/** The app that `createApp` loads with its first request. */
export function createHonoApp(platform: Platform, options: AppOptions = {}, ending?: Ending): VwmpApp {
  const services = createServices(platform, options, ending);
  const hono = new Hono<{ Bindings: Env }>({ strict: false });
  // Not strict, it takes the slash off that requests may end with.
  for (const name of Object.keys(operations) as OperationName[]) {
    const { method, path } = splitOperation(name);
    const route = routes[name] as unknown as Route;
    const serve = serveOperation(services, route, path);
    hono.on(method, path.slice(0, -1).replace(/\{(\w+)\}/g, ':$1'), (c) =>
      serve(c.req.raw, c.req.param(), c.env),
    );
  }
  hono.post(`${webhooksPath}*`, (c) => receiveDelivery(services, c.req.raw, c.env));
  hono.notFound((c) => answerRest(services, c.req.raw, c.env));
  // Handlers answer what they throw; this is what throws around them.
  hono.onError((error, c) => services.fail(error, c.req.raw));
  return {
    async fetch(request, env) {
      const { incoming } = (env ?? {}) as Env;
      // Only what came in is known by it: whoever mounts this may pass on things of their own.
      return hono.fetch(incoming ? request : withHost(request), { ...(incoming && { incoming }) });
    },
    async request(asked, init) {
      const request = typeof asked === 'string' ? new URL(asked, 'http://localhost') : asked;
      return hono.fetch(withHost(new Request(request, init)), { own: true });
    },
  };
}

/** A request that a program has made itself has its host in the address only. What came from a browser always has the header. */
function withHost(request: Request): Request {
  if (request.headers.has('host')) return request;
  const headers = new Headers(request.headers);
  headers.set('host', new URL(request.url).host);
  return new Request(request, { headers });
}
