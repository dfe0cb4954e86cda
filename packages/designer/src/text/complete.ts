import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { JsonSchema, JsonValue } from '@vwmp/core';
import { workflowSchema } from '@vwmp/core/language';
import { idsOf, isObject } from '../document/index.ts';
import { completeAt } from '../forms/completion.ts';
import { namesAt } from '../forms/scope.ts';
import type { Handlers } from '../graph/index.ts';
import { placeIn } from './place.ts';

/** What completion knows of what is around the text. */
export interface CompletionHost {
  document: () => unknown;
  handlers: Handlers;
}

type Facts = Record<string, JsonValue>;

/** What can be written at the cursor: keys and values of the schema, handlers, steps, and names in expressions. */
export function completeYaml(context: CompletionContext, host: CompletionHost): CompletionResult | null {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const place = placeIn(state.doc.toString(), pos);
  const document = host.document();

  const names = namesAt(document, host.handlers, { step: place.step, key: place.path[0] });
  const inExpression = completeAt(line.text, pos - line.from, names, false);
  if (inExpression)
    return {
      from: line.from + inExpression.from,
      options: inExpression.options.map(({ label, insert, detail, isFunction }) => ({
        label,
        apply: insert,
        detail,
        type: isFunction ? 'function' : 'variable',
      })),
    };

  const word = context.matchBefore(/[\w.:-]*/);
  const from = word?.from ?? pos;
  if (from === pos && !context.explicit) return null;
  const options = place.isValue
    ? valuesAt(place.path, place.key, document, host)
    : keysAt(place.path, place.handler, place.taken, host);
  return options.length > 0 ? { from, options, validFor: /^[\w.:-]*$/ } : null;
}

function keysAt(
  path: readonly string[],
  handler: string | undefined,
  taken: ReadonlySet<string>,
  host: CompletionHost,
): Completion[] {
  const schema = schemaAt(path, handler, host);
  return Object.entries(propertiesOf(schema))
    .filter(([key]) => !taken.has(key))
    .map(([label, each]) => ({ label, apply: `${label}: `, type: 'property', info: descriptionOf(each) }));
}

function valuesAt(
  path: readonly string[],
  key: string,
  document: unknown,
  host: CompletionHost,
): Completion[] {
  const isStep = path[0] === 'steps' || path.includes('compensate');
  if (key === 'handler' && isStep)
    return [...host.handlers.values()].map(({ path: label, description }) => ({
      label,
      detail: description,
      type: 'class',
    }));
  if (key === 'dependencies') return idsOf(document).map((label) => ({ label, type: 'variable' }));
  const schema = propertiesOf(schemaAt(path, undefined, host))[key];
  const facts: Facts = isObject(schema) ? schema : {};
  const options = Array.isArray(facts.enum)
    ? (facts.enum as JsonValue[])
    : facts.type === 'boolean'
      ? [true, false]
      : [];
  return options.map((option) => ({ label: String(option), type: 'enum' }));
}

/** The schema of a mapping at a path of keys; lists have no part in it. */
function schemaAt(path: readonly string[], handler: string | undefined, host: CompletionHost): unknown {
  let schema: unknown = workflowSchema;
  for (const key of path) {
    if (key === 'config' && handler !== undefined) schema = host.handlers.get(handler)?.config as JsonSchema;
    else schema = propertiesOf(schema)[key];
    schema = itemsOf(schema);
  }
  return schema;
}

function itemsOf(schema: unknown): unknown {
  return isObject(schema) && isObject(schema.items) ? schema.items : schema;
}

function propertiesOf(schema: unknown): Facts {
  if (!isObject(schema)) return {};
  if (isObject(schema.properties)) return schema.properties;
  const variants = (schema.anyOf ?? schema.oneOf) as unknown;
  return Array.isArray(variants) ? Object.assign({}, ...variants.map(propertiesOf)) : {};
}

function descriptionOf(schema: unknown): string | undefined {
  return isObject(schema) && typeof schema.description === 'string' ? schema.description : undefined;
}
