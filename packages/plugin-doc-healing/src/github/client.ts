import type { HandlerContext, HandlerModule } from '@vwmp/core';
import { hasCode, VwmpError } from '@vwmp/core';
import { createHttp } from '@vwmp/plugins/http';

/** What a handler has that requests need. */
export type RequestContext = HandlerContext<never>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface RequestOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly maxBytes?: number;
  readonly ok?: readonly (number | string)[];
  readonly response?: string;
  readonly redirects?: number;
}

type Module = HandlerModule<Record<string, unknown>>;
const modules = new Map<boolean, Promise<Module>>();

/** Sends a request by the plugin `http`. @param guarded - refuses addresses that are not public */
export async function request(
  context: RequestContext,
  url: string,
  { maxBytes, ...options }: RequestOptions = {},
  guarded = false,
): Promise<Answer> {
  const loaded = modules.get(guarded) ?? load(guarded);
  modules.set(guarded, loaded);
  // One step sends many requests, and their idempotency key would be the same.
  const config = { url, max_bytes: maxBytes ?? 20_000_000, timeout: 30_000, idempotency: false, ...options };
  const { execute } = await loaded;
  return (await execute(withConfig(context, config))) as Answer;
}

/** The same context with another config. Not by spreading: what a context has are getters, which that leaves behind. */
function withConfig<Config>(context: RequestContext, config: Config): HandlerContext<Config> {
  const { parameters, execution, step, attempt, idempotencyKey } = context;
  const { signal, logger, workspace, secrets, executions, progress } = context;
  return {
    ...{ config, parameters, execution, step, attempt, idempotencyKey },
    ...{ signal, logger, workspace, secrets, executions, progress },
  };
}

async function load(guarded: boolean): Promise<Module> {
  const { handlers } = createHttp({ blockPrivateAddresses: guarded });
  return (await handlers!.request!.load!()) as unknown as Module;
}

/** The API of GitHub, for one repository. */
export interface GitHub {
  readonly repository: string;
  get(path: string): Promise<unknown>;
  /** @returns undefined for the status given as `unless` */
  send(method: string, path: string, body: unknown, unless?: number): Promise<unknown>;
}

export interface GitHubOptions {
  readonly repository: string;
  readonly api?: string | undefined;
  /** Name of a secret. */
  readonly token?: string | undefined;
}

/** @throws DOC_SOURCE_INVALID */
export function openGitHub(
  context: RequestContext,
  { repository, api = 'https://api.github.com', token }: GitHubOptions,
): GitHub {
  if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(repository) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(repository)) {
    throw new VwmpError(
      'DOC_SOURCE_INVALID',
      `"${repository.slice(0, 100)}" is no repository of GitHub: give owner/name.`,
      { retryable: false },
    );
  }
  const root = `${api.replace(/\/+$/, '')}/repos/${repository}`;
  const headers = (): Record<string, string> => ({
    Accept: 'application/vnd.github+json',
    'X-GitHub-Api-Version': '2022-11-28',
    ...(token !== undefined && { Authorization: `Bearer ${context.secrets.get(token)}` }),
  });
  const ask = async (method: string, path: string, body?: unknown, unless?: number): Promise<unknown> => {
    try {
      const options = { method, headers: headers(), ...(body !== undefined && { body }) };
      return (await request(context, `${root}${path}`, { ...options, response: 'json' })).body;
    } catch (error) {
      const status = (error as { details?: { status?: unknown } }).details?.status;
      if (unless !== undefined && status === unless) return undefined;
      throw hasCode(error, 'HTTP_CLIENT_ERROR') ? refused(method, path, repository, status, error) : error;
    }
  };
  return { repository, get: (path) => ask('GET', path), send: ask };
}

function refused(
  method: string,
  path: string,
  repository: string,
  status: unknown,
  cause: unknown,
): VwmpError {
  const advice =
    status === 401 || status === 403 || status === 404 ? ' Does the token have access to it?' : '';
  const message = `GitHub refused ${method} ${path.split('?')[0]} of ${repository} with ${String(status)}.${advice}`;
  return new VwmpError('DOC_GITHUB_REFUSED', message, { retryable: false, cause, details: { status } });
}
