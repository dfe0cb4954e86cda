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
    fetch: async (request, env) => native(await (await load()).fetch(request, env)),
    request: async (path, init) => native(await (await load()).request(path, init)),
  };
}

/** Whoever mounts it knows the process's own class only, and not the small one that a server of this package answers with. */
function native(response: Response): Response {
  const Native = Reflect.get(globalThis, 'Response') as typeof Response;
  if (response instanceof Native) return response;
  const { status, headers, body } = response;
  return new Native(body, { status, headers });
}
