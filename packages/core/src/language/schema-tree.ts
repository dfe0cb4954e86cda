import type { OutputUnit } from '@cfworker/json-schema';
import type { JsonSchema } from '../model/json.ts';

/** One failed keyword, with the failures below it that made it fail. */
export interface Failed {
  keyword: string;
  /** Where in the schema, as decoded segments. */
  keywordPath: readonly string[];
  /** Where in the value, as a JSON Pointer without `#`; decoded segments in `at`. */
  pointer: string;
  at: readonly string[];
  error: string;
  below: Failed[];
  /** For `tag`: the values of which one was expected. */
  allowed?: readonly unknown[];
}

/** The validator tells the tree of what failed as a list, each before those below it: this makes it a tree again. */
export function toTree(units: readonly OutputUnit[]): Failed[] {
  let next = 0;
  const read = (): Failed => {
    const unit = units[next++]!;
    const failed: Failed = {
      keyword: unit.keyword,
      keywordPath: decode(unit.keywordLocation),
      pointer: unit.instanceLocation.slice(1),
      at: decode(unit.instanceLocation),
      error: unit.error,
      below: [],
    };
    const prefix = `${unit.keywordLocation}/`;
    // What fails below an "if" stands under the "then" or "else" next to it.
    const beside = unit.keyword === 'if' ? unit.keywordLocation.slice(0, -2) : undefined;
    for (let first = true; next < units.length; first = false) {
      const inner = units[next]!;
      // The schema "false" gives the place in the value where all others give that in the schema.
      const { keyword, keywordLocation } = inner;
      const branch = beside !== undefined && /^(then|else)\//.test(keywordLocation.slice(beside.length));
      const belongs = keyword === 'false' ? first : keywordLocation.startsWith(prefix) || branch;
      if (!belongs) break;
      failed.below.push(read());
    }
    return failed;
  };
  const tree: Failed[] = [];
  while (next < units.length) tree.push(read());
  return tree;
}

/** The subschema at those segments, through references; undefined when it cannot be told. */
export function schemaAt(root: JsonSchema, path: readonly string[]): Record<string, unknown> | undefined {
  let at: unknown = root;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[segment];
    if (segment === '$ref') at = typeof at === 'string' ? referred(root, at) : undefined;
  }
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : undefined;
}

function referred(root: JsonSchema, reference: string): unknown {
  if (reference.startsWith('#')) return schemaAt(root, decode(reference));
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ((next as { $id?: unknown }).$id === reference) return next;
    stack.push(...Object.values(next));
  }
  return undefined;
}

function decode(location: string): string[] {
  return location
    .split('/')
    .slice(1)
    .map((segment) => unescapeUri(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unescapeUri(text: string): string {
  try {
    return decodeURI(text.replaceAll('%23', '#'));
  } catch {
    return text;
  }
}
