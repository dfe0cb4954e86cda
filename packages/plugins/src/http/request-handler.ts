import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { durationSchema } from '../shared/duration-schema.ts';
import { httpDefaults } from './defaults.ts';
import type { HttpOptions } from './options.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

const config = Type.Object({
  url: Type.String({
    minLength: 1,
    description: 'Address, http or https.',
    examples: ['https://example.test/items'],
  }),
  method: Type.Optional(
    Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], {
      description: 'Method. Without one: GET.',
      default: 'GET',
    }),
  ),
  query: Type.Optional(
    Type.Record(Type.Union([scalar, Type.Null(), Type.Array(scalar)]), {
      description: 'Added to the url. A list repeats its name; null leaves it out.',
    }),
  ),
  headers: Type.Optional(Type.Record(scalar, { description: 'Headers of the request.' })),
  body: Type.Optional(
    Type.Unknown({
      description: 'What to send: text as it is, anything else as JSON with its content type.',
    }),
  ),
  response: Type.Optional(
    Type.Enum(['auto', 'json', 'text', 'base64'], {
      description: 'How to read the answer. auto: by its content type, JSON or text.',
      default: 'auto',
    }),
  ),
  ok: Type.Optional(
    Type.Array(
      Type.Union([Type.Integer({ minimum: 100, maximum: 599 }), Type.String({ pattern: '^[1-5]xx$' })]),
      {
        description: 'Statuses that count as success: numbers, or classes such as 2xx.',
        default: httpDefaults.ok,
      },
    ),
  ),
  timeout: Type.Optional(
    durationSchema({
      description: 'For the whole exchange, redirects and body included.',
      default: httpDefaults.timeout,
    }),
  ),
  max_bytes: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Longest answer in bytes, after decompression.',
      default: httpDefaults.maxBytes,
    }),
  ),
  redirects: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 20,
      description: 'How many redirects to follow.',
      default: httpDefaults.redirects,
    }),
  ),
  idempotency: Type.Optional(
    Type.Boolean({
      description: 'Sends an Idempotency-Key, the same for each attempt, with methods that change something.',
      default: true,
    }),
  ),
});

const output = Type.Object({
  status: Type.Integer(),
  headers: Type.Record(Type.Union([Type.String(), Type.Array(Type.String())]), {
    description: 'Names in lower case; set-cookie is a list.',
  }),
  body: Type.Unknown({ description: 'JSON, text, or null when there is none.' }),
  url: Type.String({ description: 'Where the answer came from, after redirects.' }),
});

/** `http.request`: one request and its answer. */
export function createRequestHandler(options: HttpOptions): Handler {
  return defineHandler({
    title: 'HTTP request',
    description: 'Sends a request to a web service and gives its answer.',
    category: 'network',
    icon: 'globe',
    config,
    output,
    load: async () => {
      const { createRequest } = await import('./request.ts');
      return { execute: createRequest(options) };
    },
  });
}
