import type { JsonSchema, JsonValue } from '@vwmp/core';
import { isObject } from '../document/index.ts';

/** Which control a schema gets. */
export type FieldKind =
  | { readonly kind: 'choice'; readonly options: readonly JsonValue[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly isInteger: boolean }
  /** Text; one that may be a number too is one when it looks like one. */
  | { readonly kind: 'text'; readonly orNumber: boolean; readonly isLong: boolean }
  | { readonly kind: 'list'; readonly items: JsonSchema }
  | {
      readonly kind: 'object';
      readonly properties: readonly (readonly [string, JsonSchema])[];
      readonly required: readonly string[];
    }
  /** Any keys, with values of one schema. */
  | { readonly kind: 'map'; readonly values: JsonSchema }
  /** Anything, written as YAML. */
  | { readonly kind: 'any' };

export function kindOf(given: unknown): FieldKind {
  const schema: Record<string, JsonValue> = isObject(given) ? given : {};
  if (Array.isArray(schema.enum)) return { kind: 'choice', options: schema.enum as JsonValue[] };
  const variants = (schema.anyOf ?? schema.oneOf) as unknown;
  if (Array.isArray(variants)) return ofVariants(variants);
  switch (schema.type) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
    case 'integer':
      return { kind: 'number', isInteger: schema.type === 'integer' };
    case 'string':
      return {
        kind: 'text',
        orNumber: false,
        isLong: typeof schema.maxLength === 'number' && schema.maxLength > 5000,
      };
    case 'array':
      return { kind: 'list', items: (isObject(schema.items) ? schema.items : {}) as JsonSchema };
    case 'object':
      return ofObject(schema);
    default:
      return { kind: 'any' };
  }
}

function ofVariants(variants: readonly unknown[]): FieldKind {
  const objects = variants.map((each) => (isObject(each) ? each : {}));
  if (objects.every((each) => each.const !== undefined))
    return { kind: 'choice', options: objects.map((each) => each.const!) };
  const types = new Set(objects.map(({ type }) => type));
  const scalars = [...types].every((type) => type === 'string' || type === 'number' || type === 'integer');
  if (scalars && types.has('string')) return { kind: 'text', orNumber: types.size > 1, isLong: false };
  return { kind: 'any' };
}

function ofObject(schema: Record<string, JsonValue>): FieldKind {
  if (isObject(schema.properties) && Object.keys(schema.properties).length > 0) {
    const required = Array.isArray(schema.required) ? (schema.required as string[]) : [];
    const properties = Object.entries(schema.properties) as unknown as [string, JsonSchema][];
    // What has to be given comes first.
    const rank = ([name]: readonly [string, unknown]): number => (required.includes(name) ? 0 : 1);
    return { kind: 'object', properties: properties.toSorted((a, b) => rank(a) - rank(b)), required };
  }
  const values = isObject(schema.patternProperties)
    ? Object.values(schema.patternProperties)[0]
    : schema.additionalProperties;
  return isObject(values) ? { kind: 'map', values: values as unknown as JsonSchema } : { kind: 'any' };
}

/** What someone typed, as the schema wants it; an expression stays the text that it is. */
export function readText(text: string, kind: FieldKind): JsonValue | undefined {
  if (text === '') return undefined;
  const number = /^-?\d+(\.\d+)?$/.test(text.trim());
  if (number && (kind.kind === 'number' || (kind.kind === 'text' && kind.orNumber))) return Number(text);
  return text;
}

/** True for a text with an expression in it. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && /(?<!\$)\$\{/.test(value);
}

/** `max_bytes` as people read it. */
export function labelOf(key: string, schema: unknown): string {
  if (isObject(schema) && typeof schema.title === 'string') return schema.title;
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
