import type { Logger } from '@vwmp/core';
import type { Gate } from './gate.ts';

/** What answers the API's requests, wherever they come from. */
export interface VwmpApp {
  /**
   * Answers one request. Never rejects.
   *
   * @param env - of `@hono/node-server`: how the request came
   */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** The same with a path and what `fetch` takes, for tests and programs in the same process. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** What is told of a request that was answered. */
export interface AnsweredRequest {
  method: string;
  /** The path with its variable parts by name, such as `/api/vwmp/workflows/{workflow_id}/`. */
  route: string;
  status: number;
  seconds: number;
  requestId: string;
  /** Name of the key. */
  actor?: string;
}

export interface AppOptions {
  /** Who gets in. @defaultValue what the settings of the platform say */
  gate?: Gate;
  /** Gets what answers do not say. @defaultValue the console, for errors that are no outage */
  logger?: Logger;
  /** Called after every answer. */
  onRequest?(request: AnsweredRequest): void;
}
