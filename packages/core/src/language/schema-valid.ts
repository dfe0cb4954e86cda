import { didYouMean } from './nearest.ts';
import { isRecord, type Path, showValue } from './path.ts';
import { refusalOf } from './pattern.ts';
import type { Report } from './report.ts';
import { compileSchema } from './schema-compile.ts';

type Kind =
  | 'count'
  | 'number'
  | 'positive'
  | 'text'
  | 'flag'
  | 'any'
  | 'list'
  | 'texts'
  | 'schema'
  | 'schemas'
  | 'map'
  | 'textMap'
  | 'pattern'
  | 'types';

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** The keywords of JSON Schema 2020-12 that have an effect, and annotations. */
const keywords: Readonly<Record<string, Kind>> = {
  type: 'types',
  enum: 'list',
  const: 'any',
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  multipleOf: 'positive',
  minLength: 'count',
  maxLength: 'count',
  pattern: 'pattern',
  format: 'text',
  minItems: 'count',
  maxItems: 'count',
  uniqueItems: 'flag',
  items: 'schema',
  prefixItems: 'schemas',
  contains: 'schema',
  minContains: 'count',
  maxContains: 'count',
  unevaluatedItems: 'schema',
  properties: 'map',
  patternProperties: 'map',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  propertyNames: 'schema',
  required: 'texts',
  minProperties: 'count',
  maxProperties: 'count',
  dependentRequired: 'textMap',
  dependentSchemas: 'map',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword
  then: 'schema',
  else: 'schema',
  $defs: 'map',
  $ref: 'text',
  $anchor: 'text',
  $comment: 'text',
  $schema: 'text',
  title: 'text',
  description: 'text',
  default: 'any',
  examples: 'list',
  deprecated: 'flag',
  readOnly: 'flag',
  writeOnly: 'flag',
  contentEncoding: 'text',
  contentMediaType: 'text',
};

const expected: Readonly<Record<Kind, string>> = {
  count: 'a whole number from 0 up',
  number: 'a number',
  positive: 'a number above 0',
  text: 'text',
  flag: 'true or false',
  any: 'a value',
  list: 'a list',
  texts: 'a list of names',
  schema: 'a schema',
  schemas: 'a list of schemas',
  map: 'a mapping of schemas',
  textMap: 'a mapping of lists of names',
  pattern: 'a regular expression',
  types: `one of ${types.map((type) => `"${type}"`).join(', ')}, or a list of these`,
};

/** Reports what keeps a mapping from being a JSON Schema 2020-12 that can be applied. */
export function checkSchema(schema: unknown, path: Path, report: Report): void {
  if (!check(schema, path, report)) return;
  // What is left are references that lead nowhere or to themselves, or that multiply: trying it shows them.
  try {
    compileSchema(schema as never).validate(null);
  } catch (error) {
    const reason =
      error instanceof RangeError
        ? 'its references lead too far'
        : error instanceof Error
          ? error.message.split('\n')[0]
          : 'it cannot be read';
    report.add('SCHEMA_INVALID', path, `The schema cannot be applied: ${reason}.`);
  }
}

function check(schema: unknown, path: Path, report: Report): boolean {
  if (typeof schema === 'boolean') return true;
  if (!isRecord(schema)) {
    report.add('SCHEMA_INVALID', path, 'A schema is a mapping of keywords, true or false.');
    return false;
  }
  let valid = true;
  for (const [key, value] of Object.entries(schema)) {
    const at = [...path, key];
    const kind = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
    if (kind === undefined) {
      if (key.startsWith('x-')) continue;
      // JSON Schema lets unknown keywords pass; then "minlength" would check nothing, and nobody would notice.
      const suggestion = report.nearest(key, Object.keys(keywords));
      const message = `JSON Schema has no keyword "${key}".${didYouMean(suggestion) || ' Leave it out, or begin it with "x-".'}`;
      report.add('SCHEMA_INVALID', at, message, { key: true, suggestion });
      valid = false;
    } else if (!hasKind(kind, value)) {
      report.add('SCHEMA_INVALID', at, `"${key}" is ${showValue(value)}, but must be ${expected[kind]}.`);
      valid = false;
    } else valid = checkInner(kind, value, at, report) && valid;
  }
  return valid;
}

function checkInner(kind: Kind, value: unknown, path: Path, report: Report): boolean {
  if (kind === 'pattern') return checkPattern(value as string, path, report);
  if (kind === 'schema') return check(value, path, report);
  if (kind === 'schemas')
    return (value as unknown[]).map((each, index) => check(each, [...path, index], report)).every(Boolean);
  if (kind !== 'map') return true;
  return Object.entries(value as object)
    .map(([key, each]) => {
      const usable = path.at(-1) !== 'patternProperties' || checkPattern(key, [...path, key], report);
      return check(each, [...path, key], report) && usable;
    })
    .every(Boolean);
}

function hasKind(kind: Kind, value: unknown): boolean {
  const isTexts = (list: unknown): boolean =>
    Array.isArray(list) && list.every((each) => typeof each === 'string');
  switch (kind) {
    case 'any':
    case 'schema':
      return true;
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'number':
      return typeof value === 'number';
    case 'positive':
      return typeof value === 'number' && value > 0;
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'schemas':
      return Array.isArray(value) && value.length > 0;
    case 'texts':
      return isTexts(value);
    case 'map':
      return isRecord(value);
    case 'textMap':
      return isRecord(value) && Object.values(value).every(isTexts);
    case 'pattern':
      return typeof value === 'string';
    case 'types':
      return (Array.isArray(value) && value.length > 0 ? value : [value]).every((each) =>
        types.includes(each as string),
      );
  }
}

function checkPattern(source: string, path: Path, report: Report): boolean {
  const refusal = refusalOf(source);
  if (refusal === undefined) return true;
  const advice = refusal.startsWith('looks')
    ? ' Say it with another schema: "not" or "allOf" with patterns of their own.'
    : '';
  report.add(
    'SCHEMA_INVALID',
    path,
    `The pattern ${showValue(source)} ${refusal}. Patterns take linear time, whatever they are applied to, so that they cannot look around or refer back.${advice}`,
  );
  return false;
}
