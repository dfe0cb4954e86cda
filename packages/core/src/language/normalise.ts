import { normaliseStepOutputs } from '../expressions/step-outputs.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { olderSpelling } from './older.ts';
import { isRecord, type Path } from './path.ts';

/** Keys whose text is an expression even without `${}`. */
const bare: ReadonlySet<string> = new Set(['when', 'foreach', 'until']);

/** One thing that was written in an older way. */
export interface Normalised {
  /** In the document as it is now read. */
  path: Path;
  message: string;
  /** What writing it back takes, for {@link upgradeDocument}. */
  change: 'unwrap' | 'value' | 'rename' | 'drop';
  /** The older key of a `rename`. */
  from?: string;
}

/** Reads older documents as if they had been written today. What is given is not changed. */
export function normalise(given: JsonValue): { value: JsonValue; root: Path; changes: Normalised[] } {
  const changes: Normalised[] = [];
  let value = given;
  let root: Path = [];
  if (isRecord(value) && isRecord(value.workflow) && Object.keys(value).length === 1) {
    value = value.workflow;
    root = ['workflow'];
    changes.push({
      path: [],
      change: 'unwrap',
      message: 'The wrapper "workflow:" around the document is no longer needed.',
    });
  }
  if (!isRecord(value)) return { value, root, changes };
  const document: Record<string, JsonValue> = { ...value };
  if (Array.isArray(document.parameters)) {
    document.parameters = document.parameters.map((each, index) =>
      parameter(each, ['parameters', index], changes),
    );
  }
  if (Array.isArray(document.steps)) {
    document.steps = document.steps.map((each, index) => step(each, ['steps', index], changes));
  }
  for (const key of ['steps', 'output', 'concurrency', 'triggers']) {
    const part = document[key];
    if (part !== undefined) document[key] = references(part, [key], changes);
  }
  return { value: document, root, changes };
}

function parameter(given: JsonValue, path: Path, changes: Normalised[]): JsonValue {
  if (!isRecord(given)) return given;
  const value: Record<string, JsonValue> = { ...given };
  if (value.type === 'textarea') {
    value.type = 'text';
    changes.push({
      path: [...path, 'type'],
      change: 'value',
      message: 'The type "textarea" is now called "text".',
    });
  }
  if (isRecord(value.validation))
    value.validation = validation(value.validation, [...path, 'validation'], changes);
  return value;
}

function validation(given: JsonObject, path: Path, changes: Normalised[]): JsonObject {
  const value: Record<string, JsonValue> = { ...given };
  for (const key of ['minLength', 'maxLength']) {
    const older = olderSpelling(key)!;
    if (value[older] === undefined || value[key] !== undefined) continue;
    value[key] = value[older];
    delete value[older];
    changes.push({
      path: [...path, key],
      change: 'rename',
      from: older,
      message: `"${older}" is now called "${key}".`,
    });
  }
  return value;
}

function step(given: JsonValue, path: Path, changes: Normalised[]): JsonValue {
  if (!isRecord(given) || !('type' in given || 'automatic' in given)) return given;
  const value: Record<string, JsonValue> = { ...given };
  for (const key of ['type', 'automatic']) {
    if (!Object.hasOwn(value, key)) continue;
    delete value[key];
    changes.push({
      path: [...path, key],
      change: 'drop',
      message: `"${key}" of a step has no effect and is left out.`,
    });
  }
  return value;
}

/** Copies only what changes: most documents have none of these. */
function references(value: JsonValue, path: Path, changes: Normalised[]): JsonValue {
  if (typeof value === 'string') {
    if (!value.includes('step-outputs')) return value;
    const now = normaliseStepOutputs(value, bare.has(String(path.at(-1))));
    if (now === value) return value;
    changes.push({
      path,
      change: 'value',
      message: 'References of the form "step-outputs.ID.KEY" are now written "steps.ID.output.KEY".',
    });
    return now;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    let copy: JsonValue[] | undefined;
    (value as JsonValue[]).forEach((each, index) => {
      const now = references(each, [...path, index], changes);
      if (now === each) return;
      copy ??= [...(value as JsonValue[])];
      copy[index] = now;
    });
    return copy ?? value;
  }
  let copy: Record<string, JsonValue> | undefined;
  for (const [key, each] of Object.entries(value as JsonObject)) {
    const now = references(each, [...path, key], changes);
    if (now === each) continue;
    copy ??= { ...(value as JsonObject) };
    copy[key] = now;
  }
  return copy ?? value;
}
