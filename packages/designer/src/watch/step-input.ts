// What a step was given. It is not recorded: the document and what the execution has recorded say it again, and expressions
// give the same for the same. Apart, as it brings the engine.
import type { Execution, JsonValue } from '@vwmp/core';
import { isObject, stepOf } from '../document/index.ts';
import { fillTemplate } from '../forms/preview.ts';

export interface StepInput {
  /** By key of the config; in a loop, a list of them, one for each item. */
  readonly value: JsonValue;
  /** Keys that cannot be known any more, and why. */
  readonly unknown: readonly { readonly key: string; readonly why: string }[];
}

/** The variables of the process are those of another time and machine: an execution does not record them. */
const unrecorded = /\$\{[^}]*(?<![.\w])env\b/;

const notKept = 'It reads "env", which is not recorded.';

/** The config of a step, filled in as it was in an execution; secrets are `***`. */
export async function inputOf(
  document: JsonValue,
  execution: Execution,
  id: string,
): Promise<StepInput | undefined> {
  const step = stepOf(document, id);
  if (!step) return undefined;
  const config = isObject(step.config) ? step.config : {};
  const unknown: { key: string; why: string }[] = [];
  if (unrecorded.test(JSON.stringify(step.foreach ?? null)))
    return { value: {}, unknown: [{ key: 'foreach', why: notKept }] };
  const readable: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(config)) {
    if (unrecorded.test(JSON.stringify(value))) unknown.push({ key, why: notKept });
    else readable[key] = value;
  }
  const fill = (value: JsonValue) => fillTemplate(value, document, execution, id, 'config');
  const all = await fill(readable);
  if ('value' in all) return { value: all.value, unknown };
  // One of them stands in the way: the others can be told all the same.
  const known: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(readable)) {
    const filled = await fill({ [key]: value });
    if ('error' in filled) unknown.push({ key, why: filled.error });
    else if (isObject(filled.value)) known[key] = filled.value[key]!;
    else known[key] = (filled.value as JsonValue[]).map((each) => (isObject(each) ? each[key]! : null));
  }
  return { value: known, unknown };
}
