import type { JsonValue } from '../model/json.ts';

/** Where something stands in a document: keys, and positions from 0. */
export type Path = readonly (string | number)[];

/** A place in the text, both from 1. Columns count UTF-16 units, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** What is at `path`, or undefined. Only own properties count. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string | number, unknown>)[segment];
  }
  return at;
}

/**
 * The dotted form that problems carry: `steps.load.config.url`. A step is named by its id when it has
 * one, since positions shift while someone edits.
 */
export function showPath(document: unknown, path: Path): string {
  if (path[0] !== 'steps' || path.length < 2) return path.join('.');
  const id = valueAt(document, ['steps', path[1]!, 'id']);
  if (typeof id !== 'string' || id === '' || id.length > 128) return path.join('.');
  return ['steps', id, ...path.slice(2)].join('.');
}

/** A value as a message shows it: short, on one line. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 37)}…"` : text;
}

/** The kind of a value in the words of the language. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'a number' : typeof value === 'boolean' ? 'true or false' : typeof value;
}

/** True for what JSON calls an object. */
export function isRecord(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
