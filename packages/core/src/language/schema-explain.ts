import type { JsonSchema } from '../model/json.ts';
import { didYouMean, type Suggester } from './nearest.ts';
import { isRecord, kindOf, type Path, showValue, valueAt } from './path.ts';
import type { Mismatch, MismatchOptions } from './schema-mismatch.ts';
import { type Failed, schemaAt } from './schema-tree.ts';

interface Context extends MismatchOptions {
  suggester: Suggester;
}

/** Says in words why one keyword failed: what was expected, what was found, what could be meant. */
export function explain(failed: Failed, root: JsonSchema, value: unknown, context: Context): Mismatch {
  const path = toPath(value, failed.at);
  const found = valueAt(value, path);
  const around = schemaAt(root, failed.keywordPath.slice(0, -1)) ?? {};
  const name = path.length === 0 ? context.noun : `"${path.join('.')}"`;
  // The kind of what was given can always be told; itself only where it is no secret.
  const got = context.show && typeof found !== 'object' ? showValue(found) : kindOf(found);
  const mismatch = (message: string): Mismatch => ({ path, message });

  switch (failed.keyword) {
    case 'type':
      return mismatch(`${name} is ${got}, but must be ${describe(around)}.${hint(around)}`);
    case 'enum':
    case 'const': {
      const allowed = failed.keyword === 'enum' ? (around.enum as unknown[]) : [around.const];
      return {
        ...mismatch(`${name} is ${got}, but must be ${describe(around)}.`),
        ...near(found, allowed, context),
      };
    }
    case 'tag': {
      const { allowed = [] } = failed;
      return {
        ...mismatch(`${name} is ${got}, but must be ${describe({ enum: allowed })}.`),
        ...near(found, allowed, context),
      };
    }
    case 'anyOf':
    case 'oneOf': {
      const options = schemaAt(root, failed.keywordPath);
      if (failed.keyword === 'oneOf' && !failed.error.includes('(0 matches)')) {
        return mismatch(`${name} matches more than one of its allowed forms, and must match exactly one.`);
      }
      const list = Array.isArray(options) ? (options as unknown[]).filter(isRecord) : [];
      const allowed = list.flatMap((each) =>
        'const' in each ? [each.const] : Array.isArray(each.enum) ? each.enum : [],
      );
      const expected = alternatives(list.map((each) => describe(each)));
      return {
        ...mismatch(`${name} is ${got}, but must be ${expected}.${hint(around)}`),
        ...near(found, allowed, context),
      };
    }
    case 'required': {
      const key = /"(.*)"/s.exec(failed.error)?.[1] ?? '';
      const wanted =
        isRecord(around.properties) && Object.hasOwn(around.properties, key)
          ? around.properties[key]
          : undefined;
      const inner = [...path, key];
      return {
        path: inner,
        message: `"${inner.join('.')}" is missing.${isRecord(wanted) && wanted.type !== undefined ? ` It must be ${describe(wanted)}.${hint(wanted)}` : ''}`,
      };
    }
    case 'unknown': {
      const key = String(path.at(-1) ?? '');
      const properties = isRecord(around.properties) ? Object.keys(around.properties) : [];
      const suggestion = context.suggester.nearest(key, properties);
      const known = properties.length === 0 ? 'nothing' : properties.map((each) => `"${each}"`).join(', ');
      const message = `"${path.join('.')}" is not known here.${didYouMean(suggestion) || ` Allowed: ${known}.`}`;
      return suggestion === undefined
        ? { path, message, key: true }
        : { path, message, key: true, suggestion };
    }
    case 'false':
      return mismatch(`${name} is not allowed here.`);
    case 'minimum':
      return mismatch(`${name} is ${got}, but must be ${around.minimum} or more.`);
    case 'maximum':
      return mismatch(`${name} is ${got}, but must be ${around.maximum} or less.`);
    case 'exclusiveMinimum':
      return mismatch(`${name} is ${got}, but must be more than ${around.exclusiveMinimum}.`);
    case 'exclusiveMaximum':
      return mismatch(`${name} is ${got}, but must be less than ${around.exclusiveMaximum}.`);
    case 'multipleOf':
      return mismatch(`${name} is ${got}, but must be a multiple of ${around.multipleOf}.`);
    case 'minLength':
      return mismatch(
        `${name} is too short: it has ${lengthOf(found)} characters and needs at least ${around.minLength}.`,
      );
    case 'maxLength':
      return mismatch(
        `${name} is too long: it has ${lengthOf(found)} characters and may have at most ${around.maxLength}.`,
      );
    case 'minItems':
      return mismatch(`${name} has ${sizeOf(found)} entries and needs at least ${around.minItems}.`);
    case 'maxItems':
      return mismatch(`${name} has ${sizeOf(found)} entries and may have at most ${around.maxItems}.`);
    case 'minProperties':
      return mismatch(`${name} has ${sizeOf(found)} keys and needs at least ${around.minProperties}.`);
    case 'maxProperties':
      return mismatch(`${name} has ${sizeOf(found)} keys and may have at most ${around.maxProperties}.`);
    case 'uniqueItems':
      return mismatch(`${name} has the same entry twice.`);
    case 'pattern':
      return mismatch(
        `${name} is ${got}, which does not match the pattern ${around.pattern}.${hint(around)}`,
      );
    case 'format':
      return mismatch(`${name} is ${got}, which is not of the format "${around.format}".${hint(around)}`);
    case 'not':
      return mismatch(`${name} has a form that is ruled out.`);
    case 'contains':
    case 'minContains':
    case 'maxContains':
      return mismatch(`${name} does not hold as many entries of the wanted form as it must.`);
    case 'propertyNames':
      return mismatch(`${name} has a key that is not allowed: ${failed.error}`);
    case 'dependentRequired':
      return mismatch(`${name} lacks a key that another of its keys needs: ${failed.error}`);
    default:
      return mismatch(`${name} does not match its schema (${failed.keyword}).`);
  }
}

/** What a schema expects, in a few words. */
function describe(schema: Record<string, unknown>): string {
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return alternatives(schema.enum.map((each) => JSON.stringify(each)));
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return alternatives(options.filter(isRecord).map(describe));
  if (schema.type === undefined) return 'any value';
  const types = Array.isArray(schema.type) ? (schema.type as unknown[]) : [schema.type];
  return alternatives(
    types.map((type) =>
      typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type]! : 'a value of another form',
    ),
  );
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

function alternatives(words: readonly string[]): string {
  const unique = [...new Set(words)];
  if (unique.length > 20) return `one of ${unique.length} allowed values`;
  return unique.length < 2
    ? (unique[0] ?? 'a value')
    : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}

function near(found: unknown, allowed: readonly unknown[], { suggester }: Context): { suggestion?: string } {
  if (typeof found !== 'string') return {};
  const suggestion = suggester.nearest(
    found,
    allowed.filter((each) => typeof each === 'string'),
  );
  return suggestion === undefined ? {} : { suggestion };
}

function hint(schema: Record<string, unknown>): string {
  const example =
    Array.isArray(schema.examples) && schema.examples.length > 0
      ? ` For example: ${JSON.stringify(schema.examples[0])}.`
      : '';
  return typeof schema.description === 'string'
    ? ` ${schema.description.replace(/[^.!?]$/, '$&.')}${example}`
    : example;
}

/** Pointers hold text only: entries of lists become numbers again. */
function toPath(value: unknown, segments: readonly string[]): Path {
  let at = value;
  return segments.map((segment) => {
    const key = Array.isArray(at) ? Number(segment) : segment;
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined;
    return key;
  });
}

function lengthOf(found: unknown): number {
  return typeof found === 'string' ? [...found].length : 0;
}

function sizeOf(found: unknown): number {
  return typeof found === 'object' && found !== null ? Object.keys(found).length : 0;
}
