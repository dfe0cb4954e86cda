import type { JsonSchema } from '../model/json.ts';

/** One failed keyword, with the failures below it that made it fail. */
export interface Failed {
  keyword: string;
  /** Where in the schema. */
  keywordPath: readonly string[];
  /** Where in the value. */
  at: readonly string[];
  below: readonly Failed[];
  /** The key that is missing, or whose name is refused. */
  key?: string;
  /** For `dependentRequired`: the key that needs the missing one. */
  neededBy?: string;
  /** For `oneOf`: how many of its schemas matched. */
  matched?: number;
  /** For `tag`: the values of which one was expected. */
  allowed?: readonly unknown[];
}

/** A JSON Pointer to those segments. */
export function pointerTo(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The subschema at those segments, through references; undefined when it cannot be told. */
export function schemaAt(root: JsonSchema, path: readonly string[]): Record<string, unknown> | undefined {
  let at: unknown = root;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string, unknown>)[segment];
    if (segment === '$ref') at = typeof at === 'string' ? referred(root, at) : undefined;
  }
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : undefined;
}

/** What a `$ref` in that schema means: a pointer or an anchor in it, or the `$id` of one of its parts. */
export function referred(root: unknown, reference: string): unknown {
  if (reference === '#' || reference.startsWith('#/')) {
    let at = root;
    for (const segment of decode(reference)) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
      at = (at as Record<string, unknown>)[segment];
    }
    return at;
  }
  const [keyword, name] = reference.startsWith('#') ? ['$anchor', reference.slice(1)] : ['$id', reference];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ((next as Record<string, unknown>)[keyword] === name) return next;
    stack.push(...Object.values(next));
  }
  return undefined;
}

function decode(reference: string): string[] {
  return reference
    .split('/')
    .slice(1)
    .map((segment) => unescapeUri(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
