import type { OperationName, Operations } from '../contract/index.ts';
import { type CallOptions, ClientError, createCaller } from './call.ts';
import type { FollowedEvent, FollowOptions } from './follow.ts';

export type * from '../contract/wire.ts';
export { type CallOptions, ClientError } from './call.ts';
export type { FollowedEvent, FollowOptions } from './follow.ts';

/** How a client reaches a server. */
export interface ClientOptions {
  /** Of the server, such as `http://127.0.0.1:8080`. @defaultValue that of the page */
  url?: string;
  /** An API key, sent as `Authorization: Bearer`. */
  key?: string;
  /** In place of the global one. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** In place of the global one. */
  WebSocket?: new (
    url: string,
    protocols: string[],
  ) => WebSocket;
}

/** An input that may be left out where nothing in it is required. */
type Arguments<Input> =
  Record<never, never> extends Input
    ? [input?: Input, options?: CallOptions]
    : [input: Input, options?: CallOptions];

/** One function for each operation of the API, by its `operationId`. */
export type ClientOperations = {
  readonly [K in OperationName]: (
    ...given: Arguments<Operations[K]['input']>
  ) => Promise<Operations[K]['answer']>;
};

/** Talks to a server. */
export interface Client extends ClientOperations {
  /**
   * The events of an execution: what is recorded after `after`, then what happens, until it has ended. It comes back by itself after
   * an interruption and goes on where it was: no recorded event is missing or there twice.
   *
   * @throws ClientError when the server says why it cannot be followed
   */
  follow(executionId: string, options?: FollowOptions): AsyncGenerator<FollowedEvent, void, undefined>;
}

/**
 * Makes a client. It runs in browsers, in Node and wherever there is `fetch`.
 *
 * @example
 * ```ts
 * const client = createClient({ url: 'http://127.0.0.1:8080' });
 * const { results } = await client.listWorkflows({ q: 'report' });
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  const call = createCaller(options);
  // Loaded when it is used: a page is there before it watches anything.
  const follow: Client['follow'] = async function* (id, how) {
    const { followExecution } = await import('./follow.ts');
    yield* followExecution(options, id, how);
  };
  return new Proxy({ follow } as Client, {
    get(target, name) {
      // Whoever awaits a client by mistake looks for `then`.
      if (name in target || typeof name !== 'string') return Reflect.get(target, name) as unknown;
      return call.find(name);
    },
  });
}

/** True for an error that a server has answered with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ClientError ? error.code === code : false;
}
