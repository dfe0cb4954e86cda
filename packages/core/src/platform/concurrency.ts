import { permanent } from '../engine/permanent.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Origin } from '../ports/execution-store.ts';
import { fillIn } from './fill-in.ts';

export interface Concurrency extends NonNullable<Origin['concurrency']> {
  /** Those that are in the way are to be cancelled. */
  cancelOthers: boolean;
}

/** What a concurrency key can read. */
export interface KeyScope {
  parameters: JsonObject;
  trigger: JsonValue;
  env: Readonly<Record<string, string>>;
}

/**
 * What a document says of executions at the same time, with its key filled in. Keys belong to their workflow.
 *
 * @param conceal - makes of a key what may be stored, when there is a secret in it
 * @throws EXPRESSION_ERROR, VALUE_INVALID
 */
export async function concurrencyOf(
  workflow: Workflow,
  scope: KeyScope,
  conceal: (key: string) => string,
): Promise<Concurrency | undefined> {
  const { concurrency, config = {} } = workflow.document;
  if (!concurrency) return undefined;
  const { limit = 1, policy = 'queue' } = concurrency;
  const key = await keyOf(concurrency.key, { config, ...scope });
  return {
    key: `${workflow.id}:${conceal(key)}`,
    limit,
    policy: policy === 'skip' ? 'skip' : 'queue',
    cancelOthers: policy === 'cancel',
  };
}

/** What the origin of an execution says of it. */
export function storedConcurrency(concurrency: Concurrency | undefined): Pick<Origin, 'concurrency'> {
  if (!concurrency) return {};
  const { key, limit, policy } = concurrency;
  return { concurrency: { key, limit, policy } };
}

/** @throws EXPRESSION_ERROR, VALUE_INVALID */
async function keyOf(template: string, scope: KeyScope & { config: JsonObject }): Promise<string> {
  const key = await fillIn(template, scope);
  const text = typeof key === 'string' ? key : JSON.stringify(key);
  if (text.length <= 500) return text;
  throw permanent('VALUE_INVALID', 'The concurrency key has more than 500 characters.');
}
