import type { Platform } from '@vwmp/core/platform';
import type { AppOptions, VwmpApp } from './app.ts';

/**
 * Makes the API over a platform that is open. It listens to nothing: mount `fetch` in any server. What answers is loaded
 * with the first request.
 *
 * @example
 * ```ts
 * const app = createApp(platform);
 * const answer = await app.request('/api/vwmp/workflows/');
 * ```
 */
export function createApp(platform: Platform, options: AppOptions = {}): VwmpApp {
  let loading: Promise<VwmpApp> | undefined;
  const load = (): Promise<VwmpApp> => {
    loading ??= import('./create-app.ts').then(({ createHonoApp }) => createHonoApp(platform, options));
    return loading;
  };
  return {
    fetch: async (request, env) => (await load()).fetch(request, env),
    request: async (path, init) => (await load()).request(path, init),
  };
}
