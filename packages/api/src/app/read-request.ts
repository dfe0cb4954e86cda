import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '@vwmp/core';
import type { Schema } from '@vwmp/core/schema';
import { headerInputs } from '../contract/index.ts';
import { headerOf, type RequestHeaders } from '../security/headers.ts';
import { type BodyText, readBody } from './body.ts';
import { refuse, requestInvalid } from './error-answer.ts';
import { checkBody, checkHeader, readQuery } from './read-input.ts';
import { readJson } from './read-json.ts';
import type { Route } from './route.ts';

/** Of what is read from requests. */
export interface RequestLimits {
  /** Bytes of a body. */
  maxBody: number;
  /** Collections inside of each other in JSON. */
  maxDepth: number;
}

/**
 * Makes what reads and checks what a route wants of a request.
 *
 * @throws REQUEST_INVALID, BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED; the code of the route for what cannot be in the path
 */
export function createReader(
  route: Route,
  limits: RequestLimits,
): (
  request: Request,
  headers: RequestHeaders,
  params: Readonly<Record<string, string>>,
  incoming?: IncomingMessage,
) => Promise<Record<string, unknown>> {
  const { query = {}, body: schema, bodyRequired = true } = route;
  const readParams = createParamsReader(route);
  const inHeaders = Object.entries(route.headers ?? {}).map(([name, each]) => {
    const header = headerInputs[name as keyof typeof headerInputs];
    return { name, header, key: header.toLowerCase(), schema: each };
  });
  return async (request, headers, params, incoming) => {
    const input = readParams(params);
    const { url } = request;
    const at = url.indexOf('?');
    if (at >= 0) Object.assign(input, readQuery(query, new URLSearchParams(url.slice(at + 1))));
    for (const { name, header, key, schema: each } of inHeaders) {
      const value = headerOf(headers, key);
      if (value === undefined) continue;
      checkHeader(header, each, value);
      input[name] = value;
    }
    if (schema === undefined) return input;
    const body = await readBody(request, limits.maxBody, incoming);
    if (schema === 'document') input.body = body;
    else if (body.text !== '' || bodyRequired) input.body = readJsonBody(schema, body, limits.maxDepth);
    return input;
  };
}

function createParamsReader({
  path = {},
  missing = 'NOT_FOUND',
}: Route): (params: Readonly<Record<string, string>>) => Record<string, unknown> {
  const known = Object.entries(path).map(([name, { pattern, maxLength = 1000 }], index) => ({
    name,
    // What the code is about comes first.
    code: index === 0 ? missing : 'NOT_FOUND',
    pattern: new RegExp(pattern as string, 'u'),
    most: maxLength as number,
  }));
  return (params) => {
    const input: Record<string, unknown> = {};
    for (const { name, code, pattern, most } of known) {
      const value = params[name] ?? '';
      if (value.length > most || !pattern.test(value))
        throw refuse(code, `There is nothing with this ${name}.`);
      input[name] = value;
    }
    return input;
  };
}

function readJsonBody(schema: Schema, { text, type }: BodyText, maxDepth: number): JsonValue {
  // Not forms, though curl calls all that it sends one.
  const isJson =
    type === '' || type === 'application/json' || type.endsWith('+json') || type === 'text/plain';
  if (!isJson)
    throw refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      `The body is read as application/json, and not as ${JSON.stringify(type.slice(0, 100))}.`,
    );
  if (text === '') throw requestInvalid('A body of JSON is needed.');
  const value = readJson(text.replace(/^\uFEFF/, ''), maxDepth, true) as JsonValue;
  checkBody(schema, value);
  return value;
}
