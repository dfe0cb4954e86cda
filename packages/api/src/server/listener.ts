import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Platform } from '@vwmp/core/platform';
import type { AppOptions } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import type { Ending } from '../app/ending.ts';

/** What answers the requests of a server with the API. */
export function createListener(
  platform: Platform,
  options: AppOptions,
  ending: Ending,
): (request: IncomingMessage, response: ServerResponse) => unknown {
  const app = createHonoApp(platform, options, ending);
  return getRequestListener((request, env) => app.fetch(request, env));
}
