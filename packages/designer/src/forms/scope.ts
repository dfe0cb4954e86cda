// What an expression at some place of the document can read. The core checks the same when a document is saved; this is for
// completion, so it only has to be helpful.
import type { JsonSchema, JsonValue } from '@vwmp/core';
import { dependenciesOf, isObject, readEdge, stepsOf } from '../document/index.ts';
import type { Handlers } from '../graph/index.ts';

/** A name that can be written, and what is in it. */
export interface Name {
  readonly name: string;
  readonly detail?: string;
  readonly inside?: readonly Name[];
}

/** Where an expression stands. */
export interface Place {
  /** Id of the step; undefined for the workflow itself. */
  readonly step?: string;
  /** Key of the step or workflow: `config`, `when`, `repeat`, `output`… */
  readonly key?: string;
}

/** Everything in scope at a place. @param secrets - that there are, as far as that is known */
export function namesAt(
  document: unknown,
  handlers: Handlers,
  { step, key }: Place,
  secrets: readonly string[] = [],
): Name[] {
  const workflow: Record<string, JsonValue> = isObject(document) ? document : {};
  const parameters = Array.isArray(workflow.parameters) ? (workflow.parameters as JsonValue[]) : [];
  const steps = new Map(
    stepsOf(document).flatMap((each) => (isObject(each) ? [[String(each.id), each]] : [])),
  );
  const readable = step === undefined ? [...steps.keys()] : upstream(steps, step);
  const own = step === undefined ? undefined : steps.get(step);
  const handlerOf = (each: Record<string, JsonValue> | undefined): JsonSchema | undefined =>
    handlers.get(String(each?.handler))?.output;
  const names: Name[] = [
    {
      name: 'parameters',
      detail: 'what the execution was given',
      inside: parameters.flatMap((each): Name[] =>
        isObject(each) && typeof each.name === 'string'
          ? [
              {
                name: each.name,
                detail: [each.type, each.label].filter((part) => typeof part === 'string').join(', '),
              },
            ]
          : [],
      ),
    },
    {
      name: 'steps',
      detail: 'what earlier steps gave',
      inside: readable.map((id): Name => {
        const isLoop = steps.get(id)?.foreach !== undefined;
        const output = handlerOf(steps.get(id));
        return {
          name: id,
          detail: String(steps.get(id)?.name ?? steps.get(id)?.handler ?? ''),
          inside: [
            {
              name: 'output',
              detail: isLoop ? 'a list, one for each item' : 'what it gave',
              inside: isLoop ? [] : inSchema(output),
            },
            { name: 'status', detail: 'success, failed, skipped…' },
            { name: 'error', detail: 'why it failed', inside: [{ name: 'code' }, { name: 'message' }] },
            { name: 'port', detail: 'the port that it emitted' },
          ],
        };
      }),
    },
    { name: 'config', detail: 'of the workflow', inside: inValue(workflow.config) },
    {
      name: 'execution',
      detail: 'this execution',
      inside: [{ name: 'id' }, { name: 'workflow_id' }, { name: 'started_at', detail: 'ISO 8601' }],
    },
    { name: 'trigger', detail: 'what started it' },
    {
      name: 'secrets',
      detail: 'by name',
      inside: withSecretsOf(document, secrets).map((name) => ({ name })),
    },
    { name: 'env', detail: 'what the settings allow' },
  ];
  if (own?.foreach !== undefined && key !== 'foreach' && key !== 'when')
    names.unshift({ name: 'item', detail: 'of the list' }, { name: 'index', detail: 'from 0' });
  if (key === 'repeat')
    names.unshift({ name: 'output', detail: 'of this run', inside: inSchema(handlerOf(own)) });
  return names;
}

/** Names of secrets, and of those that the document reads somewhere. */
function withSecretsOf(document: unknown, names: readonly string[]): string[] {
  return [...new Set([...names, ...secretNames(document)])].sort();
}

/** Secrets that the document reads somewhere. Which ones there are is known where it is executed only. */
export function secretNames(document: unknown): string[] {
  const text = JSON.stringify(document) ?? '';
  const found = text.matchAll(
    /\bsecrets\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*(?:'([^'"\\]+)'|\\"([^'"\\]+)\\")\s*\])/g,
  );
  return [...new Set([...found].map(([, dotted, single, double]) => dotted ?? single ?? double!))].sort();
}

/** Ids of the steps before a step, nearest first. */
function upstream(steps: ReadonlyMap<string, Record<string, JsonValue>>, step: string): string[] {
  const found = new Set<string>();
  const open = [step];
  for (let at = 0; at < open.length; at++)
    for (const { step: id } of dependenciesOf(steps.get(open[at]!)).map(readEdge)) {
      if (found.has(id) || id === step || !steps.has(id)) continue;
      found.add(id);
      open.push(id);
    }
  return [...found];
}

function inValue(value: JsonValue | undefined): Name[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, each]) => ({
    name,
    detail: isObject(each) ? undefined : String(JSON.stringify(each)).slice(0, 40),
    inside: inValue(each),
  }));
}

function inSchema(schema: unknown): Name[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).map(([name, each]) => ({
    name,
    detail: isObject(each) && typeof each.type === 'string' ? each.type : undefined,
    inside: inSchema(each),
  }));
}
