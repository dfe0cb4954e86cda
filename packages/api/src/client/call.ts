import {
  type ErrorAnswer,
  headerInputs,
  type OperationName,
  operations,
  splitOperation,
} from '../contract/index.ts';
import type { ClientOptions } from './index.ts';

export interface CallOptions {
  signal?: AbortSignal;
}

/** What a server has answered with, or `CONNECTION_FAILED` when it did not answer. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** Stable; see the documentation of the API. */
  readonly code: string;
  /** Of HTTP; 0 when there was no answer. */
  readonly status: number;
  readonly details: unknown;
  /** Under which the log of the server has more. */
  readonly requestId: string | undefined;
  /** In seconds, where the server says when to try again. */
  readonly retryAfter: number | undefined;

  constructor(
    code: string,
    message: string,
    more: {
      status?: number;
      details?: unknown;
      requestId?: string;
      retryAfter?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = more.status ?? 0;
    this.details = more.details;
    this.requestId = more.requestId;
    this.retryAfter = more.retryAfter;
  }
}

type Input = Readonly<Record<string, unknown>>;
type Call = (input?: Input, options?: CallOptions) => Promise<unknown>;

/** Finds the function of an operation by its name. */
export function createCaller(options: ClientOptions): { find(name: string): Call | undefined } {
  const known = new Map<string, Call>();
  return {
    find(name) {
      if (!Object.hasOwn(operations, name)) return undefined;
      let call = known.get(name);
      if (!call) {
        const { method, path } = splitOperation(name as OperationName);
        call = (input = {}, how = {}) => send(options, { method, path }, input, how);
        known.set(name, call);
      }
      return call;
    },
  };
}

async function send(
  { url = '', key, fetch: own }: ClientOptions,
  { method, path }: { method: string; path: string },
  input: Input,
  { signal }: CallOptions,
): Promise<unknown> {
  const { address, headers, body } = requestOf(path, input);
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  const init: RequestInit = {
    method,
    headers,
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  };
  let answer: Response;
  let text: string;
  try {
    answer = await (own ?? fetch)(`${url.replace(/\/$/, '')}${address}`, init);
    text = await answer.text();
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ClientError('CONNECTION_FAILED', `The server${placeOf(url)} cannot be reached.`, { cause });
  }
  if (!answer.ok) throw errorOf(answer, text);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(answer);
  }
}

/** Which server it is, unless it is that of the page. */
function placeOf(url: string): string {
  const { location: page } = globalThis as { location?: { origin: string } };
  const isOwn = page && URL.canParse(url, page.origin) && new URL(url, page.origin).origin === page.origin;
  // Whoever puts a key or a password there is not to find it in a log.
  const shown = url.replace(/\/\/[^/]*@/, '//');
  return url === '' || isOwn ? '' : ` at ${shown}`;
}

/** Puts each input where it belongs: into the path, a header, the body or the query. */
function requestOf(
  path: string,
  input: Input,
): { address: string; headers: Record<string, string>; body: string | undefined } {
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let address = path;
  let body: string | undefined;
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const inPath = `{${name}}`;
    if (address.includes(inPath)) address = address.replace(inPath, encodeURIComponent(String(value)));
    else if (Object.hasOwn(headerInputs, name)) {
      headers[headerInputs[name as keyof typeof headerInputs]] = headerValue(name, String(value));
    } else if (name === 'body') {
      headers['content-type'] = typeof value === 'string' ? 'application/yaml' : 'application/json';
      body = typeof value === 'string' ? value : JSON.stringify(value);
    } else for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
  }
  const text = query.toString();
  return { address: text === '' ? address : `${address}?${text}`, headers, body };
}

/** A rev stands in a header as an entity tag. */
function headerValue(name: string, value: string): string {
  return name === 'idempotency_key' || /^(W\/)?"|^\*$/.test(value) ? value : `"${value}"`;
}

export function errorOf(answer: Response, text: string): ClientError {
  const { status, headers } = answer;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const more = { status, ...(Number.isFinite(seconds) && { retryAfter: seconds }) };
  try {
    const { code, message, details, request_id: requestId } = (JSON.parse(text) as ErrorAnswer).error;
    return new ClientError(code, message, { ...more, details, requestId });
  } catch {
    // A proxy in between, mostly.
    return invalid(answer, more);
  }
}

export function invalid({ status, url }: Response, more?: { retryAfter?: number }): ClientError {
  const message = `The answer${url && ` of ${url}`}, with status ${status}, is not one of the API. Look at the address of the server, and at what stands between here and it.`;
  return new ClientError('ANSWER_INVALID', message, { ...more, status });
}
