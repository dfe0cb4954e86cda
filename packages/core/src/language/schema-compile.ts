import type { JsonSchema } from '../model/json.ts';
import { isRecord } from './path.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { applySchema } from './schema-apply.ts';
import { type Failed, referred } from './schema-tree.ts';

/** A schema that is ready to be applied, again and again. */
export interface CompiledSchema {
  /** The copy that locations of keywords refer to. */
  readonly schema: JsonSchema;
  /**
   * What does not match; each level of the schema stands around those below it.
   *
   * @throws RangeError when it would take too many steps, or the value is too deep
   * @throws PatternRefused when a pattern of the schema cannot be used
   */
  validate(value: unknown): readonly Failed[];
}

/** What applying a schema needs to know of it. */
export interface SchemaParts {
  /** What the `$ref` of that schema means. */
  target(schema: object): unknown;
  pattern(source: string): Pattern;
  /** The values of an `enum`: those that can be looked up, and those that have to be compared. */
  choices(allowed: readonly unknown[]): Choices;
  /** Whether a part asks for what others have left over, so that they have to keep a list. */
  readonly unevaluated: boolean;
}

interface Choices {
  readonly scalars: ReadonlySet<unknown>;
  readonly others: readonly unknown[];
}

const cache = new WeakMap<object, CompiledSchema>();

/**
 * Prepares a schema once; the same object gives the same result.
 *
 * @throws Error when a `$ref` leads nowhere or to itself
 */
export function compileSchema(schema: JsonSchema): CompiledSchema {
  if (typeof schema === 'boolean') return compile(schema);
  const known = cache.get(schema);
  if (known) return known;
  const compiled = compile(schema);
  cache.set(schema, compiled);
  return compiled;
}

function compile(given: JsonSchema): CompiledSchema {
  // Whoever changes theirs later changes nothing here; the copy also drops TypeBox's symbols.
  const text = JSON.stringify(given);
  const schema = JSON.parse(text) as JsonSchema;
  const targets = text.includes('"$ref"') ? findTargets(schema) : new Map<object, unknown>();
  const patterns = new Map<string, Pattern>();
  const choices = new Map<readonly unknown[], Choices>();
  const parts: SchemaParts = {
    target: (at) => targets.get(at),
    pattern: (source) => remembered(patterns, source, compilePattern),
    choices: (allowed) => remembered(choices, allowed, sortChoices),
    unevaluated: text.includes('"unevaluated'),
  };
  return { schema, validate: (value) => applySchema(schema, value, parts) };
}

function remembered<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}

function sortChoices(allowed: readonly unknown[]): Choices {
  const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;
  return {
    scalars: new Set(allowed.filter(isScalar)),
    others: allowed.filter((value) => !isScalar(value)),
  };
}

/** Keywords that apply schemas to the same value… */
const sameValue = ['not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf', 'dependentSchemas'];
/** …and to values in it. */
const innerValues = [
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'prefixItems',
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
];
const mapsOfSchemas: ReadonlySet<string> = new Set([
  'dependentSchemas',
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
]);

function findTargets(root: JsonSchema): Map<object, unknown> {
  const targets = new Map<object, unknown>();
  const schemas: object[] = [];
  const known = new Map<unknown, Map<string, unknown>>();

  const collect = (schema: unknown, base: unknown): void => {
    if (!isRecord(schema)) return;
    const within = typeof schema.$id === 'string' ? schema : base;
    schemas.push(schema);
    if (typeof schema.$ref === 'string') {
      // Finding one searches the whole schema: once for each name is enough.
      const found = known.get(within) ?? new Map<string, unknown>();
      known.set(within, found);
      if (!found.has(schema.$ref)) found.set(schema.$ref, find(within, schema.$ref));
      targets.set(schema, found.get(schema.$ref));
    }
    for (const keyword of [...sameValue, ...innerValues])
      for (const inner of subschemas(schema, keyword)) collect(inner, within);
  };
  const find = (within: unknown, reference: string): unknown => {
    const target = referred(reference.startsWith('#') ? within : root, reference);
    if (typeof target !== 'boolean' && !isRecord(target))
      throw new Error(`the "$ref" ${JSON.stringify(reference)} leads nowhere`);
    return target;
  };

  collect(root, root);
  const state = new Map<object, 'open' | 'done'>();
  const visit = (schema: unknown): void => {
    if (!isRecord(schema) || state.get(schema) === 'done') return;
    if (state.get(schema) === 'open') throw new Error('a "$ref" leads to itself');
    state.set(schema, 'open');
    visit(targets.get(schema));
    for (const keyword of sameValue) for (const inner of subschemas(schema, keyword)) visit(inner);
    state.set(schema, 'done');
  };
  schemas.forEach(visit);
  return targets;
}

function subschemas(schema: Record<string, unknown>, keyword: string): readonly unknown[] {
  if (!Object.hasOwn(schema, keyword)) return [];
  const value = schema[keyword];
  if (Array.isArray(value)) return value;
  return isRecord(value) && mapsOfSchemas.has(keyword) ? Object.values(value) : [value];
}
