import fc from 'fast-check';
import { openApiDocument } from '../openapi/document.ts';
import { probeTag } from '../openapi/probe-paths.ts';
import { hostile, matching } from './arbitrary.ts';
import type { Sent } from './harness.ts';
import { documents } from './world.ts';

type Json = { [key: string]: unknown };
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Json;
}

/** Ids that are there, by the name of the parameter. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

/** Requests to all operations of the OpenAPI document: good ones, bad ones, and worse. */
export function requests(ids: KnownIds): fc.Arbitrary<Required<Pick<Sent, 'method' | 'path'>> & Sent> {
  const { paths } = openApiDocument();
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      // Probes are answered by the server, before the API.
      .filter(
        ([, { operationId, tags }]) => operationId !== undefined && !(tags as string[]).includes(probeTag),
      )
      .map(([method, operation]) => requestOf(method.toUpperCase(), path, operation, ids)),
  );
  return fc.oneof(...all);
}

function requestOf(method: string, path: string, operation: Json, ids: KnownIds) {
  const parameters = (operation.parameters ?? []) as Parameter[];
  const inPath = parameters.filter((each) => each.in === 'path');
  const names = fc.tuple(
    ...inPath.map(({ name }) =>
      fc.oneof({ weight: 4, arbitrary: known(ids[name] ?? []) }, { weight: 1, arbitrary: hostile }),
    ),
  );
  const query = parameters.filter((each) => each.in === 'query');
  const header = parameters.filter((each) => each.in === 'header');
  return fc
    .record({
      names,
      query: fc.tuple(...query.map((each) => seldom(queryValue(each), 2))),
      odd: seldom(fc.tuple(hostile, hostile), 20),
      headers: fc.tuple(...header.map(() => seldom(headerValue, 4))),
      accept: fc.constantFrom(undefined, undefined, '*/*', 'application/yaml', 'text/html', ''),
      body: bodyOf(operation),
    })
    .map(({ names: values, query: given, odd, headers, accept, body }): Sent & { method: string } => {
      let filled = path;
      inPath.forEach(({ name }, index) => {
        filled = filled.replace(`{${name}}`, encode(values[index]!));
      });
      const search = new URLSearchParams();
      query.forEach(({ name }, index) => {
        if (given[index] !== undefined) search.append(name, given[index]);
      });
      if (odd) search.append(...odd);
      const text = search.toString();
      const sent: Record<string, string> = { ...(accept !== undefined && { accept }), ...body?.headers };
      header.forEach(({ name }, index) => {
        if (headers[index] !== undefined) sent[name] = headers[index];
      });
      return {
        method,
        path: text === '' ? filled : `${filled}?${text}`,
        headers: sent,
        ...(body && { body: body.body }),
      };
    });
}

/** One in so many has it. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, among: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 1, arbitrary }, { weight: among - 1, arbitrary: fc.constant(undefined) });
}

function known(values: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...(values.length === 0 ? ['none'] : values));
}

/** Never a part of the path that a client would take out, such as `..`. */
function encode(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  const encoded = encodeURIComponent(wellFormed).replaceAll('.', '%2E');
  return encoded === '' ? '%20' : encoded;
}

function queryValue({ name, schema }: Parameter): fc.Arbitrary<string> {
  // Nobody wants to wait for what is fuzzed.
  if (name === 'wait') return fc.constantFrom('0', '1ms', '5ms', '', 'soon', '-1s', '1e3s');
  if (name === 'limit') return fc.oneof(fc.integer({ min: 1, max: 5 }).map(String), hostile);
  return fc.oneof(
    matching(schema, openApiDocument().components).map((value) =>
      Array.isArray(value) ? value.join(',') : String(value),
    ),
    hostile,
  );
}

/** What can be in a header at all. */
const headerValue = fc
  .oneof(fc.string({ maxLength: 30 }), fc.constantFrom('"0-none"', '*', 'W/"a"', 'x'.repeat(300)))
  .map((text) => text.replace(/[^\x20-\x7e]/g, '').trim());

const json = { 'content-type': 'application/json' };

function bodyOf(
  operation: Json,
): fc.Arbitrary<{ body: string | Uint8Array; headers: Record<string, string> } | undefined> {
  const { content } = (operation.requestBody ?? {}) as { content?: Record<string, { schema: Json }> };
  if (!content) return fc.constant(undefined);
  const { components } = openApiDocument();
  const schema = (content['application/json'] ?? Object.values(content)[0]!).schema;
  const good = content['application/yaml'] ? document : matching(schema, components);
  return fc.oneof(
    { weight: 6, arbitrary: good.map((value) => ({ body: JSON.stringify(value), headers: json })) },
    {
      weight: 2,
      arbitrary: fc
        .jsonValue({ maxDepth: 4 })
        .map((value) => ({ body: JSON.stringify(value), headers: json })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          hostile,
          fc.constantFrom('application/json', 'application/yaml', 'text/plain', 'text/html', 'a/b'),
        )
        .map(([body, type]) => ({ body: body.toWellFormed(), headers: { 'content-type': type } })),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((body) => ({ body, headers: json })) },
  );
}

const values = Object.values(documents);
/** Documents that are fine, or have something else in one place. */
const document: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(...values),
    seldom(
      fc.tuple(
        fc.constantFrom('id', 'name', 'type', 'version', 'steps', 'triggers', 'config', 'output', 'odd'),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      2,
    ),
    seldom(
      fc.tuple(
        fc.constantFrom('id', 'handler', 'config', 'dependencies', 'when', 'retry', 'foreach'),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      2,
    ),
  )
  .map(([whole, change, inStep]) => ({
    ...whole,
    ...(inStep && { steps: [{ ...whole.steps[0], [inStep[0]]: inStep[1] }] }),
    ...(change && { [change[0]]: change[1] }),
  }));
