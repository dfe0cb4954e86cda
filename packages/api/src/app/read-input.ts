import type { JsonSchema } from '@vwmp/core';
import { checkConfig } from '@vwmp/core/language';
import type { Schema } from '@vwmp/core/schema';
import type { RequestProblem } from '../contract/wire.ts';
import { requestInvalid } from './error-answer.ts';

/** Checks a value against a schema. */
function problemsOf(schema: Schema, value: unknown, path: string): RequestProblem[] {
  return checkConfig(schema as JsonSchema, value, path).map(({ path: at, message, suggestion }) => ({
    path: at,
    message: message.replace(/^The config\b/, path === 'body' ? 'The body' : 'It'),
    ...(suggestion !== undefined && { suggestion }),
  }));
}

/** So many problems of a query are told of: each is longer than what it is about, and the answer must not be much longer than the request. */
const mostProblems = 20;

/** Nothing that is looked for has them, and not every store can be asked for them. */
const control = /\p{Cc}/u;

/**
 * Reads the query: text becomes what its schema asks for, and what may stand several times may also be one list with commas.
 *
 * @throws REQUEST_INVALID with its problems in `details`
 */
export function readQuery(
  schemas: Readonly<Record<string, Schema>>,
  given: URLSearchParams,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const problems: RequestProblem[] = [];
  for (const name of new Set(given.keys())) {
    if (problems.length >= mostProblems) break;
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      problems.push({ path: `query.${name.slice(0, 100)}`, message: unknownParameter(name, schemas) });
      continue;
    }
    const values = given.getAll(name);
    const items = schema.type === 'array' ? (schema.items as Schema) : undefined;
    if (!items && values.length > 1) {
      problems.push({
        path: `query.${name}`,
        message: `"${name}" stands ${values.length} times; it may stand once.`,
      });
      continue;
    }
    if (values.some((each) => control.test(each))) {
      problems.push({ path: `query.${name}`, message: 'It has a control character.' });
      continue;
    }
    const value = items ? values.flatMap((each) => each.split(',')) : convert(schema, values[0]!);
    const found = (items ? (value as string[]) : [value]).flatMap((each) =>
      problemsOf(items ?? schema, each, `query.${name}`),
    );
    if (found.length > 0) problems.push(...found);
    else input[name] = value;
  }
  if (problems.length > 0) throw invalid('The query', problems, mostProblems);
  return input;
}

function unknownParameter(name: string, schemas: Readonly<Record<string, Schema>>): string {
  const known = Object.keys(schemas);
  const list = known.length === 0 ? 'none' : known.map((each) => `"${each}"`).join(', ');
  return `There is no query parameter "${name.slice(0, 100)}" here. There are: ${list}.`;
}

function convert(schema: Schema, text: string): unknown {
  if (schema.type === 'integer' || schema.type === 'number')
    return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** Checks a body of JSON. @throws REQUEST_INVALID with every problem in `details` */
export function checkBody(schema: Schema, value: unknown): void {
  const problems = problemsOf(schema, value, 'body');
  if (problems.length > 0) throw invalid('The body', problems);
}

/** @throws REQUEST_INVALID */
export function checkHeader(name: string, schema: Schema, value: string): void {
  const problems = problemsOf(schema, value, `headers.${name.toLowerCase()}`);
  if (problems.length > 0) throw invalid(`The header ${name}`, problems);
}

/** @param most - so many are told of at most */
function invalid(what: string, found: readonly RequestProblem[], most = Infinity): Error {
  const problems = found.slice(0, most);
  const least = problems.length === most ? 'at least ' : '';
  const count = problems.length === 1 ? 'a problem' : `${least}${problems.length} problems`;
  return requestInvalid(`${what} has ${count}: ${problems[0]?.message}`, problems);
}
