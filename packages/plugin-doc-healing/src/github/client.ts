import type { HandlerContext, HandlerModule } from '@vwmp/core';
import { VwmpError } from '@vwmp/core';
import { createHttp } from '@vwmp/plugins/http';

/** What a handler has that requests need. */
export type RequestContext = HandlerContext<never>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
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
  /** @returns undefined for a status given as `unless` */
  get(path: string, ...unless: number[]): Promise<unknown>;
  /** Every page of a list. @param most - so many entries it has at most */
  all(path: string, most?: number): Promise<unknown[]>;
  /** @returns undefined for a status given as `unless` */
  send(method: string, path: string, body: unknown, ...unless: number[]): Promise<unknown>;
  /** The login of whom the token is, be it a person or an app; undefined when GitHub does not tell. */
  login(): Promise<string | undefined>;
  /**
   * Moves a branch, also to what does not have it, if it is where it was seen last: only the API of GraphQL can compare.
   *
   * @param id - of the repository there
   * @returns why not; undefined where there is no such API, or one that cannot compare yet
   */
  move(id: string, update: RefUpdate): Promise<{ readonly refused: string | undefined } | undefined>;
}

export interface RefUpdate {
  /** With `refs/heads/`. */
  readonly name: string;
  readonly beforeOid: string;
  readonly afterOid: string;
}

export interface GitHubOptions {
  readonly repository: string;
  readonly api?: string | undefined;
  /** Name of a secret. */
  readonly token?: string | undefined;
}

const pageSize = 100;

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
  const root = api.replace(/\/+$/, '');
  const own = `${root}/repos/${repository}`;
  const headers = (): Record<string, string> => ({
    Accept: 'application/vnd.github+json',
    'X-GitHub-Api-Version': '2022-11-28',
    ...(token !== undefined && { Authorization: `Bearer ${context.secrets.get(token)}` }),
  });
  const ask = async (method: string, url: string, unless: number[], body?: unknown): Promise<unknown> => {
    const options = { method, headers: headers(), ok: ['2xx', '4xx'], ...(body !== undefined && { body }) };
    const answer = await request(context, url, options);
    const what = `${method} ${new URL(url).pathname}`;
    if (isLimited(answer)) throw limited(what, answer);
    if (answer.status < 300 && typeof answer.body !== 'string') return answer.body;
    if (unless.includes(answer.status)) return undefined;
    throw refused(what, answer);
  };
  const get: GitHub['get'] = (path, ...unless) => ask('GET', `${own}${path}`, unless);
  // On a server of one's own the other API is beside this one.
  const graphql = `${root.replace(/\/v3$/, '')}/graphql`;
  const query = (unless: number[], body: object): Promise<unknown> => ask('POST', graphql, unless, body);
  return {
    ...{ repository, get },
    send: (method, path, body, ...unless) => ask(method, `${own}${path}`, unless, body),
    async all(path, most = 10_000) {
      const all: unknown[] = [];
      for (let page = 1; page <= most / pageSize; page++) {
        const query = `${path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`;
        const found = (await get(`${path}${query}`)) as unknown[];
        all.push(...found);
        if (found.length < pageSize) break;
      }
      return all;
    },
    async login() {
      // `/user` answers people only.
      const asked = await query([401, 403, 404], { query: '{ viewer { login } }' });
      return (asked as { data?: { viewer?: { login?: string } } } | undefined)?.data?.viewer?.login;
    },
    async move(id, update) {
      const asked = await query([404], {
        query: 'mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }',
        variables: { input: { repositoryId: id, refUpdates: [{ ...update, force: true }] } },
      });
      if (asked === undefined) return undefined;
      const errors = errorsOf(asked);
      // Nothing of a query is done that has something which the server does not know.
      if (errors.some(isUnknown)) return undefined;
      if (errors.some(isForbidden))
        throw refused(`POST ${new URL(graphql).pathname}`, { status: 200, headers: {}, body: asked });
      return { refused: errors.length > 0 ? messageOf(asked) || 'It does not say why.' : undefined };
    },
  };
}

/** GitHub answers 403, as to what is not allowed, also to who asks too much; the API of GraphQL answers 200. */
function isLimited({ status, headers, body }: Answer): boolean {
  if (status === 429 || status === 408) return true;
  const errors = status < 300 ? errorsOf(body) : [];
  if (status !== 403 && errors.length === 0) return false;
  const told = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  return told || /rate limit|abuse/i.test(messageOf(body)) || errors.some(isPassing);
}

/** What the API of GraphQL says about a query: what went wrong has a type, what is wrong with it has a code. */
interface QueryError {
  readonly type?: unknown;
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown } | null;
}

function errorsOf(body: unknown): readonly QueryError[] {
  const { errors } = (body ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? errors.map((each: QueryError | null) => each ?? {}) : [];
}

/** The limit of requests, a query that took too long, or an error of the server. */
function isPassing({ type, message }: QueryError): boolean {
  const types = /^(?:RATE_LIMIT(?:ED)?|SERVICE_UNAVAILABLE|INTERNAL(?:_SERVER)?(?:_ERROR)?|TIMEOUT)$/;
  return types.test(String(type)) || /^something went wrong|\btime(?:d ?|-)?out\b/i.test(String(message));
}

function isForbidden({ type, message }: QueryError): boolean {
  const isOfAccess = /^(?:FORBIDDEN|INSUFFICIENT_SCOPES|NOT_FOUND|UNAUTHENTICATED)$/.test(String(type));
  return isOfAccess || /^resource not accessible/i.test(String(message));
}

function isUnknown({ message, extensions }: QueryError): boolean {
  const isField = extensions?.code === 'undefinedField';
  return isField || /doesn't exist on type|isn't a defined input type/.test(String(message));
}

function limited(what: string, answer: Answer): VwmpError {
  const seconds = secondsToWait(answer);
  const when = seconds === undefined ? 'later' : `in ${seconds} s`;
  return new VwmpError(
    'DOC_GITHUB_LIMITED',
    `GitHub wants to be asked ${when}: it answered ${what} with ${told(answer)}`,
    { details: { status: answer.status, ...(seconds !== undefined && { retry_after: seconds }) } },
  );
}

function secondsToWait({ headers }: Answer): number | undefined {
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after)) return after;
  // When all requests were made; until then it is told, too, but says nothing about this one.
  if ((headers['x-ratelimit-remaining'] ?? '0') !== '0') return undefined;
  // In seconds since 1970.
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, Math.ceil(reset - Date.now() / 1000)) : undefined;
}

function refused(what: string, answer: Answer): VwmpError {
  const { status, body } = answer;
  const isAccess = [401, 403, 404].includes(status) || errorsOf(body).some(isForbidden);
  const advice = isAccess ? ' Does the token have access to it?' : '';
  const message = `GitHub refused ${what} with ${told(answer)}${advice}`;
  return new VwmpError('DOC_GITHUB_REFUSED', message, { retryable: false, details: { status } });
}

/** The status, and what GitHub says about it. */
function told({ status, body }: Answer): string {
  const message = messageOf(body).replace(/\s+/g, ' ').trim().slice(0, 300).replace(/\.$/, '');
  return message === '' ? `${status}.` : `${status}: ${message}.`;
}

function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { message, errors } = body as { message?: unknown; errors?: unknown };
  const more = Array.isArray(errors)
    ? errors.map((each) => (each as { message?: unknown } | null)?.message)
    : [];
  return [message, ...more].filter((each) => typeof each === 'string').join(': ');
}
