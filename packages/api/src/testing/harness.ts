import type { Platform } from '@vwmp/core/platform';
import { expect } from 'vitest';
import type { AppOptions, VwmpApp } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import { createAnswerChecker } from './answers.ts';

/** A request, as tests write it. */
export interface Sent {
  method?: string;
  path: string;
  /** Sent as it is; what is no text as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Of JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  body: any;
}

export interface Harness {
  readonly app: VwmpApp;
  /** `METHOD path status` of everything that was answered. */
  readonly seen: Set<string>;
  /** Sends a request, and checks that the OpenAPI document allows the answer. */
  send(sent: Sent): Promise<Answer>;
}

const checker = createAnswerChecker();

export function createHarness(platform: Platform, options: AppOptions = {}, app?: VwmpApp): Harness {
  const used = app ?? createHonoApp(platform, options);
  const seen = new Set<string>();
  return {
    app: used,
    seen,
    async send({ method = 'GET', path, body, headers = {} }) {
      const isText = typeof body === 'string' || body instanceof Uint8Array;
      const response = await used.request(path, {
        method,
        headers: {
          host: 'localhost',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: (isText ? body : JSON.stringify(body)) as string }),
      });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      const { status } = response;
      const known = checker.pathOf(method, new URL(path, 'http://localhost').pathname);
      if (known !== undefined) {
        seen.add(`${method} ${known} ${status}`);
        const fault = checker.fault(known, method, status, type, text);
        expect({ method, path: path.slice(0, 200), status, text: text.slice(0, 500), fault }).toMatchObject({
          fault: undefined,
        });
      }
      return {
        status,
        headers: response.headers,
        text,
        body: type.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined,
      };
    },
  };
}
