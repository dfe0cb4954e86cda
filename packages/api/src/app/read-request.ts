import type { JsonValue } from '@vwmp/core';
import type { Schema } from '@vwmp/core/schema';
import { headerInputs } from '../contract/index.ts';
import { type BodyText, readBody } from './body.ts';
import { refuse, requestInvalid } from './error-answer.ts';
import { checkBody, checkHeader, problemsOf, readQuery } from './read-input.ts';
import type { Route } from './route.ts';
import { readJson } from './scan-json.ts';

/** Of what is read from requests. */
export interface RequestLimits {
  /** Bytes of a body. */
  maxBody: number;
  /** Collections inside of each other in JSON. */
  maxDepth: number;
}

/**
 * Reads what a route wants of a request, and checks it.
 *
 * @param params - what stands in the path, by name
 * @throws REQUEST_INVALID, BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED; the code of the route for what cannot be in the path
 */
export async function readRequest(
  route: Route,
  request: Request,
  params: Readonly<Record<string, string>>,
  limits: RequestLimits,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = readParams(route, params);
  const { url } = request;
  const at = url.indexOf('?');
  Object.assign(
    input,
    readQuery(route.query ?? {}, at < 0 ? undefined : new URLSearchParams(url.slice(at + 1))),
  );
  for (const [name, schema] of Object.entries(route.headers ?? {})) {
    const header = headerInputs[name as keyof typeof headerInputs];
    const value = request.headers.get(header);
    if (value === null) continue;
    checkHeader(header, schema, value);
    input[name] = value;
  }
  if (route.body === undefined) return input;
  const body = await readBody(request, limits.maxBody);
  if (route.body === 'document') input.body = body;
  else if (body.text !== '' || route.bodyRequired !== false)
    input.body = readJsonBody(route.body, body, limits.maxDepth);
  return input;
}

function readParams(
  { path = {}, missing = 'NOT_FOUND' }: Route,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(path)) {
    const value = params[name] ?? '';
    if (problemsOf(schema, value, name).length > 0)
      throw refuse(missing, `There is nothing with this ${name}.`);
    input[name] = value;
  }
  return input;
}

function readJsonBody(schema: Schema, { text, type }: BodyText, maxDepth: number): JsonValue {
  // curl says it is a form when nobody says anything else; what is no JSON is found out below.
  const isJson =
    type === '' || type === 'application/json' || type.endsWith('+json') || type === 'text/plain';
  if (!isJson)
    throw refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      `The body is read as application/json, and not as ${JSON.stringify(type.slice(0, 100))}.`,
    );
  if (text === '') throw requestInvalid('A body of JSON is needed.');
  const value = readJson(text.replace(/^\uFEFF/, ''), maxDepth) as JsonValue;
  checkBody(schema, value);
  return value;
}
