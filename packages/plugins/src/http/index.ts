import { definePlugin, type Plugin } from '@vwmp/core';
import type { HttpOptions } from './options.ts';
import { createRequestHandler } from './request-handler.ts';

export type { HttpOptions } from './options.ts';

/**
 * Makes the plugin `http` with settings of your own.
 *
 * @example
 * ```ts
 * const http = createHttp({ blockPrivateAddresses: true });
 * ```
 */
export function createHttp(options: HttpOptions = {}): Plugin {
  return definePlugin({
    name: 'http',
    description: 'Calls web services.',
    handlers: { request: createRequestHandler(options) },
  });
}

/** The plugin `http` with its default settings. */
export const http: Plugin = createHttp();

export default http;
