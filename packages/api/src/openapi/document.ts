import type { Schema } from '@vwmp/core/schema';
import manifest from '../../package.json' with { type: 'json' };
import type { AnswerSpec, Route } from '../app/route.ts';
import { statuses, statusMeanings } from '../app/statuses.ts';
import { headerInputs, type OperationName, operations, splitOperation } from '../contract/index.ts';
import { routes } from '../routes/index.ts';
import { errorAnswer, errorInfo } from '../schemas/common.ts';
import { document } from '../schemas/workflows.ts';
import { type Components, createComponents, type Json } from './components.ts';
import { extraPaths, extraTags } from './extra-paths.ts';
import { probePaths, probeTag } from './probe-paths.ts';

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: string;
  info: Json;
  servers: Json[];
  tags: Json[];
  security: Json[];
  paths: Record<string, Record<string, Json>>;
  components: Json;
}

let made: OpenApiDocument | undefined;

/** The OpenAPI document of the API, made of the schemas that also validate. */
export function openApiDocument(): OpenApiDocument {
  made ??= build();
  return made;
}

function build(): OpenApiDocument {
  const components = createComponents();
  for (const schema of [errorAnswer, errorInfo, document]) components.refer(schema);
  const paths: OpenApiDocument['paths'] = {};
  const tags = new Set<string>();
  for (const name of Object.keys(operations) as OperationName[]) {
    const { method, path } = splitOperation(name);
    const route = routes[name] as unknown as Route;
    tags.add(route.tag);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(name, route, components) };
  }
  Object.assign(paths, extraPaths(components), probePaths(components));
  return {
    openapi: '3.1.1',
    info: {
      title: 'VWMP',
      version: manifest.version,
      summary: 'Durable workflows: documents, executions, approvals, schedules and queues.',
      description:
        'JSON with `snake_case` keys, times in ISO 8601 UTC, opaque ids. Lists take `limit` and `cursor`, and answer `results`, `next_cursor` and `count`. Paths work with and without their final slash.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: [...tags, ...extraTags, probeTag].map((tag) => ({ name: tag })),
    security: [{ key: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key: `vwmp keys create` makes one. Not needed where the server answers this machine only.',
        },
      },
      schemas: components.schemas(),
    },
  };
}

function operationOf(name: OperationName, route: Route, components: Components): Json {
  const { tag, summary, description, role, body } = route;
  const parameters = [
    ...parametersOf(route.path, 'path', components),
    ...parametersOf(route.query, 'query', components),
    ...parametersOf(route.headers, 'header', components),
  ];
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-role': role,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: bodyOf(route, components) }),
    responses: responsesOf(name, route, components),
  };
}

function parametersOf(
  schemas: Readonly<Record<string, Schema>> | undefined,
  place: 'path' | 'query' | 'header',
  components: Components,
): Json[] {
  return Object.entries(schemas ?? {}).map(([name, schema]) => {
    const { description, examples, ...rest } = components.inline(schema);
    const [example] = (examples ?? []) as unknown[];
    return {
      name: place === 'header' ? headerInputs[name as keyof typeof headerInputs] : name,
      in: place,
      ...(place === 'path' && { required: true }),
      ...(description !== undefined && { description }),
      schema: rest,
      ...(rest.type === 'array' && { style: 'form', explode: true }),
      ...(example !== undefined && { example }),
    };
  });
}

function bodyOf({ body, bodyRequired = true }: Route, components: Components): Json {
  if (body === 'document') {
    const text = { schema: { type: 'string', description: 'The text of a document.' } };
    const content = { 'application/json': { schema: components.refer(document) }, 'application/yaml': text };
    return { required: true, content };
  }
  return {
    required: bodyRequired,
    content: { 'application/json': { schema: components.refer(body as Schema) } },
  };
}

function responsesOf(name: OperationName, route: Route, components: Components): Json {
  const responses: Json = {};
  for (const [status, answer] of Object.entries(route.answers))
    responses[status] = answerOf(answer, components);
  for (const [status, codes] of errorsOf(name, route)) {
    responses[status] = {
      description: `${statusMeanings[status]} ${codes.map((code) => `\`${code}\``).join(', ')}.`,
      content: { 'application/json': { schema: components.refer(errorAnswer) } },
    };
  }
  return responses;
}

function answerOf(
  { description, schema, types = [], headers = {} }: AnswerSpec,
  components: Components,
): Json {
  const described = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  const others = types.map((type) => [type, { schema: { type: 'string' } }]);
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(schema && {
      content: {
        'application/json': { schema: components.refer(schema) },
        ...Object.fromEntries(others),
      },
    }),
  };
}

/** The statuses that a route answers errors with, with the codes of each. */
export function errorsOf(name: OperationName, route: Route): Map<number, string[]> {
  const codes = ['API_KEY_MISSING', 'API_KEY_INVALID', 'RATE_LIMITED', 'STORE_UNAVAILABLE', 'FORBIDDEN'];
  codes.push('HOST_REFUSED', 'ORIGIN_REFUSED', 'CLOSED');
  if (splitOperation(name).method !== 'GET') codes.push('STORE_FULL');
  // What there is no parameter of is a mistake, too.
  codes.push('REQUEST_INVALID');
  if (route.path) codes.push(route.missing ?? 'NOT_FOUND');
  if (Object.keys(route.path ?? {}).length > 1) codes.push('NOT_FOUND');
  if (route.body !== undefined) codes.push('BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED');
  codes.push(...(route.errors ?? []));
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const status = statuses[code] ?? 500;
    const others = byStatus.get(status) ?? [];
    if (!others.includes(code)) byStatus.set(status, [...others, code]);
  }
  byStatus.set(500, ['INTERNAL_ERROR']);
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
