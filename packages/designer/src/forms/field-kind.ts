import type { JsonSchema, JsonValue } from '@vwmp/core';
import { isExact as isExactNumber } from 'json-text';
import { isObject } from '../document/index.ts';

/**
 * What a text is for, where it wants a field of its own: a secret itself (to be read by an expression, never written down),
 * the name of one, a file of the workspace, or code.
 */
export type TextRole = 'secret' | 'secret-name' | 'file' | 'code';

/** Which control a schema gets. */
export type FieldKind =
  | {
      readonly kind: 'choice';
      readonly options: readonly JsonValue[];
      /** Of each option that has one. */
      readonly labels?: readonly (JsonValue | undefined)[];
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly isInteger: boolean }
  /** Text; one that may be a number too is one when it looks like one. */
  | { readonly kind: 'text'; readonly orNumber: boolean; readonly isLong: boolean; readonly role?: TextRole }
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

/** @param name - of the property: some say by it alone what they are for */
export function kindOf(given: unknown, name = ''): FieldKind {
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
      return { kind: 'text', orNumber: false, ...roleOf(schema, name) };
    case 'array':
      return { kind: 'list', items: (isObject(schema.items) ? schema.items : {}) as JsonSchema };
    case 'object':
      return ofObject(schema);
    default:
      return { kind: 'any' };
  }
}

function roleOf(
  schema: Record<string, JsonValue>,
  name: string,
): Pick<Extract<FieldKind, { kind: 'text' }>, 'isLong' | 'role'> {
  const { format, contentMediaType, writeOnly, maxLength, description } = schema;
  const isLong = format === 'text' || (typeof maxLength === 'number' && maxLength > 5000);
  const about = typeof description === 'string' ? description : '';
  const named = (pattern: RegExp): boolean => pattern.test(name);
  const role = ((): TextRole | undefined => {
    if (writeOnly === true || format === 'password') return 'secret';
    if (/\bname of (the|a) secret\b/i.test(about) || named(/^secret$/)) return 'secret-name';
    if (named(/(^|_)(token|password|passphrase|api_?key|private_key)$/i)) return 'secret';
    if (contentMediaType !== undefined || format === 'code' || (isLong && named(/^(code|script|source)$/)))
      return 'code';
    if (format === 'path' || format === 'file') return 'file';
    if (named(/(^|_)(file|folder|directory|cwd)$/)) return 'file';
    return named(/(^|_)path$/) && /\b(file|folder|workspace)\b/i.test(about) ? 'file' : undefined;
  })();
  return { isLong, ...(role && { role }) };
}

function ofVariants(variants: readonly unknown[]): FieldKind {
  const objects = variants.map((each) => (isObject(each) ? each : {}));
  if (objects.every((each) => each.const !== undefined))
    return {
      kind: 'choice',
      options: objects.map((each) => each.const!),
      labels: objects.map(({ title }) => title),
    };
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
  if (number && (kind.kind === 'number' || (kind.kind === 'text' && kind.orNumber)) && isExact(text))
    return Number(text);
  return text;
}

/** Whether a number means what was typed. */
export function isExact(text: string): boolean {
  return isExactNumber(text, Number(text));
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
