import type { Logger } from '@vwmp/core';
import type { Gate } from './gate.ts';

/** What answers the API's requests, wherever they come from. */
export interface VwmpApp {
  /**
   * Answers one request that a server has received. Never rejects.
   *
   * @param env - of `@hono/node-server`: how the request came. Without it nobody knows that it is from this machine, and it needs a key
   */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** Answers what the program itself asks, by what `fetch` of the process takes, or by a path alone. Without keys it may do everything. */
  request(path: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** What is told of a request that was answered. */
export interface AnsweredRequest {
  method: string;
  /** The path with its variable parts by name, such as `/api/vwmp/workflows/{workflow_id}/`; `other` for what no operation answers. */
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
  /** Gets what answers do not say. @defaultValue the console, for errors that are no outage and what the audit log could not take */
  logger?: Logger;
  /** Called after every answer. */
  onRequest?(request: AnsweredRequest): void;
}
