// What canvas, forms and outline do to a document: functions from text to text. Each keeps what it does not change to the letter.
import type { JsonObject, JsonValue } from '@vwmp/core';
import { type Edit, editDocument, parseDocument } from '@vwmp/core/language';
import { bareKeys, mapExpressions, renameMember } from './expressions.ts';
import { parse } from './read.ts';
import {
  dependenciesOf,
  freeId,
  idsOf,
  isObject,
  type Origin,
  type Path,
  positionOf,
  readEdge,
  stepOf,
  stepsOf,
  valueAt,
  writeEdge,
} from './value.ts';

/** The document of a text that can be read. */
function documentOf(text: string): JsonValue {
  return parse(text).value ?? null;
}

/** A new text and the ids of what was put into it. */
export interface Added {
  readonly text: string;
  readonly ids: readonly string[];
}

/** What a new step is made of. */
export interface NewStep {
  handler: string;
  /** Made free by a number behind it. @defaultValue made from the handler */
  id?: string;
  name?: string;
  config?: JsonObject;
  /** What it depends on. */
  after?: readonly Origin[];
  /** Position in the list of steps. @defaultValue behind the last step that it depends on, else the end */
  at?: number;
}

/** Adds a step. */
export function addStep(text: string, step: NewStep): Added {
  const document = documentOf(text);
  const id = freeId(step.id ?? step.handler.split('.').at(-1) ?? 'step', idsOf(document));
  const after = step.after ?? [];
  const value: JsonObject = {
    id,
    ...(step.name === undefined ? {} : { name: step.name }),
    handler: step.handler,
    ...(after.length === 0 ? {} : { dependencies: after.map(writeEdge) }),
    ...(step.config === undefined ? {} : { config: step.config }),
  };
  const behind = Math.max(-1, ...after.map((origin) => positionOf(document, origin.step)));
  const count = stepsOf(document).length;
  const at = step.at ?? (behind < 0 ? count : behind + 1);
  return { text: insertSteps(text, document, [value], Math.min(at, count)), ids: [id] };
}

function insertSteps(text: string, document: JsonValue, steps: readonly JsonValue[], at: number): string {
  if (!isObject(document))
    return editDocument(text, [{ set: [], value: { name: 'Untitled', steps } as JsonObject }]);
  if (!Array.isArray(document.steps))
    return editDocument(text, [{ set: ['steps'], value: steps as JsonValue }]);
  return editDocument(
    text,
    steps.map((value, index): Edit => ({ insert: ['steps', at + index], value })),
  );
}

/**
 * Removes steps and the edges from them. What they are read by in expressions stays as it is, and the validator says so:
 * only a person can know what is to stand there instead.
 */
export function removeSteps(text: string, ids: readonly string[]): string {
  const document = documentOf(text);
  const gone = new Set(ids);
  const edits: Edit[] = [];
  stepsOf(document).forEach((step, index) => {
    if (isObject(step) && gone.has(String(step.id))) return;
    edits.push(...dropDependencies(step, index, (edge) => gone.has(edge.step)));
  });
  const positions = stepsOf(document).flatMap((step, index) =>
    isObject(step) && gone.has(String(step.id)) ? [index] : [],
  );
  // From the end, so that positions stay right.
  for (const index of positions.reverse()) edits.push({ remove: ['steps', index] });
  return editDocument(text, edits);
}

/** Edits that take entries out of the dependencies of a step; the key goes with the last of them. */
function dropDependencies(step: JsonValue, index: number, drop: (edge: Origin) => boolean): Edit[] {
  if (!isObject(step) || !Array.isArray(step.dependencies)) return [];
  const all = step.dependencies as JsonValue[];
  const doomed = all.flatMap((entry, at) => (typeof entry === 'string' && drop(readEdge(entry)) ? [at] : []));
  if (doomed.length === 0) return [];
  const path = ['steps', index, 'dependencies'];
  if (doomed.length === all.length) return [{ remove: path }];
  return doomed.reverse().map((at): Edit => ({ remove: [...path, at] }));
}

/** Gives a step another id, in edges and expressions too. @throws ALREADY_EXISTS, VALUE_INVALID */
export function renameStep(text: string, from: string, to: string): string {
  return editDocument(text, [{ rename: from, to }]);
}

/** Copies steps to behind the last of them. Edges and expressions among them follow to the copies. */
export function duplicateSteps(text: string, ids: readonly string[]): Added {
  const document = documentOf(text);
  const wanted = new Set(ids);
  const steps = stepsOf(document).filter((step) => isObject(step) && wanted.has(String(step.id)));
  const behind = Math.max(-1, ...ids.map((id) => positionOf(document, id)));
  return putSteps(text, document, steps, behind + 1);
}

/** Puts steps into the document under ids that are free; what names one of them by its old id follows. */
function putSteps(text: string, document: JsonValue, steps: readonly JsonValue[], at: number): Added {
  const taken = new Set(idsOf(document));
  const own = new Set(idsOf({ steps: [...steps] }));
  let copy = JSON.stringify({ name: 'copy', steps });
  const ids: string[] = [];
  for (const id of own) {
    const now = freeId(id, new Set([...taken, ...[...own].filter((other) => other !== id)]));
    taken.add(now);
    ids.push(now);
    if (now !== id) copy = editDocument(copy, [{ rename: id, to: now }]);
  }
  const known = new Set([...idsOf(document), ...ids]);
  const fresh = stepsOf(documentOf(copy)).map((step) => withoutStrangers(step, known));
  return { text: insertSteps(text, document, fresh, at), ids };
}

/** A step without edges from steps that there are not. */
function withoutStrangers(step: JsonValue, known: ReadonlySet<string>): JsonValue {
  const edges = dependenciesOf(step);
  const kept = edges.filter((edge) => known.has(readEdge(edge).step));
  if (!isObject(step) || kept.length === edges.length) return step;
  const { dependencies: _, ...rest } = step;
  return kept.length === 0 ? rest : { ...rest, dependencies: kept };
}

/** Makes a step depend on a step or one of its ports. Does nothing when it does already. */
export function connect(text: string, from: Origin, to: string): string {
  const document = documentOf(text);
  const step = stepOf(document, to);
  const edge = writeEdge(from);
  if (!step || dependenciesOf(step).includes(edge)) return text;
  const path = ['steps', positionOf(document, to), 'dependencies'];
  if (!Array.isArray(step.dependencies)) return editDocument(text, [{ set: path, value: [edge] }]);
  return editDocument(text, [{ insert: [...path, step.dependencies.length], value: edge }]);
}

/** Takes an edge away. */
export function disconnect(text: string, from: Origin, to: string): string {
  const document = documentOf(text);
  const at = positionOf(document, to);
  const step = stepsOf(document)[at];
  if (step === undefined) return text;
  const same = (edge: Origin): boolean => edge.step === from.step && edge.port === from.port;
  return editDocument(text, dropDependencies(step, at, same));
}

/** Lets an edge come from or go to somewhere else. */
export function reconnect(
  text: string,
  old: { from: Origin; to: string },
  now: { from: Origin; to: string },
): string {
  if (old.to !== now.to) return connect(disconnect(text, old.from, old.to), now.from, now.to);
  const document = documentOf(text);
  const edges = dependenciesOf(stepOf(document, old.to));
  const at = edges.indexOf(writeEdge(old.from));
  if (at < 0 || edges.includes(writeEdge(now.from))) return text;
  return editDocument(text, [
    { set: ['steps', positionOf(document, old.to), 'dependencies', at], value: writeEdge(now.from) },
  ]);
}

/** Gives what is at a path another value; undefined takes it away, and what is around it when that is empty then. */
export function setField(text: string, path: Path, value: JsonValue | undefined): string {
  const document = documentOf(text);
  if (value !== undefined) return editDocument(text, [{ set: path, value }]);
  if (valueAt(document, path) === undefined) return text;
  let doomed = path;
  // A mapping or list that only had this goes too, but never a step, nor an entry of a list around it.
  while (doomed.length > 1) {
    const parent = doomed.slice(0, -1);
    const around = valueAt(document, parent);
    const size = Array.isArray(around) ? around.length : isObject(around) ? Object.keys(around).length : 0;
    if (size !== 1 || typeof parent.at(-1) === 'number' || (parent.length === 1 && parent[0] === 'steps'))
      break;
    doomed = parent;
  }
  return editDocument(text, [{ remove: doomed }]);
}

/** Puts another document in the place of this one, which keeps its id and name. */
export function fillFromTemplate(text: string, template: JsonObject): string {
  const document = documentOf(text);
  const { id: _, name, ...rest } = template;
  const own = isObject(document) ? document : {};
  const value = {
    ...(own.id === undefined ? {} : { id: own.id }),
    name: own.name ?? name ?? 'Untitled',
    ...rest,
  };
  return editDocument(text, [{ set: [], value: value as JsonValue }]);
}

/**
 * Puts the steps of a template at the end of the document, with the parameters and config that they read and the document has
 * not. What else the template says of its workflow stays out.
 */
export function insertTemplate(text: string, template: JsonObject): Added {
  const { steps = [], parameters = [], config = {} } = template as Record<string, JsonValue>;
  const added = putSteps(text, documentOf(text), stepsOf({ steps }), stepsOf(documentOf(text)).length);
  const named = (list: JsonValue | undefined): Record<string, JsonValue>[] =>
    Array.isArray(list) ? (list as JsonValue[]).filter(isObject) : [];
  let now = added.text;
  for (const parameter of named(parameters)) {
    const known = named(valueAt(documentOf(now), ['parameters']));
    if (!known.some(({ name }) => name === parameter.name))
      now = insertItem(now, ['parameters'], known.length, parameter as JsonValue);
  }
  for (const [key, value] of isObject(config) ? Object.entries(config) : [])
    if (valueAt(documentOf(now), ['config', key]) === undefined)
      now = editDocument(now, [{ set: ['config', key], value }]);
  return { ...added, text: now };
}

/** Puts a value into a list, which is made when there is none. */
export function insertItem(text: string, path: Path, at: number, value: JsonValue): string {
  const list = valueAt(documentOf(text), path);
  if (!Array.isArray(list)) return editDocument(text, [{ set: path, value: [value] }]);
  return editDocument(text, [{ insert: [...path, at], value }]);
}

/** Gives a parameter another name, in expressions too. */
export function renameParameter(text: string, index: number, to: string): string {
  const document = documentOf(text);
  const path = ['parameters', index, 'name'];
  const from = valueAt(document, path);
  const edits: Edit[] = [{ set: path, value: to }];
  const walk = (value: JsonValue, at: Path): void => {
    if (typeof value === 'string') {
      const now = mapExpressions(value, bareKeys.has(String(at.at(-1))), (expression) =>
        renameMember(expression, 'parameters', from as string, to),
      );
      if (now !== value) edits.push({ set: at, value: now });
    } else if (Array.isArray(value))
      (value as JsonValue[]).forEach((each, key) => void walk(each, [...at, key]));
    else if (isObject(value)) for (const [key, each] of Object.entries(value)) walk(each, [...at, key]);
  };
  if (typeof from === 'string' && from !== '' && isObject(document))
    for (const key of ['steps', 'output', 'concurrency', 'triggers'])
      if (document[key] !== undefined) walk(document[key], [key]);
  return editDocument(text, edits);
}

/** The steps as YAML text that can be put into another document, or this one. */
export function copySteps(text: string, ids: readonly string[]): string {
  const wanted = new Set(ids);
  const steps = stepsOf(documentOf(text)).filter((step) => isObject(step) && wanted.has(String(step.id)));
  return editDocument('steps: []\n', [{ set: ['steps'], value: steps as JsonValue }]);
}

/** Steps in a text that was copied somewhere: a workflow, a list of steps or one step; undefined when it has none. */
function stepsIn(clipboard: string): readonly JsonValue[] | undefined {
  const list = /^\s*(-\s|\[)/.test(clipboard);
  const lines = list ? `steps:\n${clipboard.replace(/^/gm, '  ')}\n` : clipboard;
  const source = parseDocument(lines);
  if (source.problems.some(({ code }) => code === 'SYNTAX')) return undefined;
  const { value } = source;
  const steps =
    stepsOf(value).length > 0 ? stepsOf(value) : isObject(value) && 'handler' in value ? [value] : [];
  const usable = steps.filter((step) => isObject(step) && typeof step.handler === 'string');
  return usable.length > 0 ? usable : undefined;
}

/** Puts copied steps at the end of the document. @throws when the text has none */
export function pasteSteps(text: string, clipboard: string): Added {
  const steps = stepsIn(clipboard);
  if (!steps) throw new Error('It has no steps.');
  const document = documentOf(text);
  const taken = new Set<string>();
  const named = steps.map((step) => {
    const given = isObject(step) && typeof step.id === 'string' && !taken.has(step.id) ? step.id : undefined;
    const handler = isObject(step) ? String(step.handler) : '';
    const id = given ?? freeId(handler.split('.').at(-1) ?? 'step', taken);
    taken.add(id);
    return { ...(step as JsonObject), id } as JsonValue;
  });
  return putSteps(text, document, named, stepsOf(document).length);
}
