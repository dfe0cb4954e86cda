import { jsonEqual } from '../values/equal.ts';
import { isRecord } from './path.ts';
import type { SchemaParts } from './schema-compile.ts';
import { hasFormat } from './schema-format.ts';
import type { Failed } from './schema-tree.ts';

/**
 * A schema and a value together may be worse than each: references double the work at each level, `uniqueItems` compares
 * all with all. A value of 1 MB and an ordinary schema take some 100,000 steps; so many take a second.
 */
const stepLimit = 3_000_000;
/** More failures of the entries of one list or mapping say nothing new. */
const failureLimit = 20_000;
/** What a failure costs, in steps: it takes memory until it is known whether it counts. */
const failureCost = 10;

const none: readonly Failed[] = [];

/** A path that costs nothing until something fails. */
interface Place {
  readonly up: Place | undefined;
  readonly key: string;
}

type Evaluated = Set<string> | undefined;

/**
 * Applies a JSON Schema 2020-12 to a value. It interprets the schema: nothing is compiled to code, so that it runs under any
 * content security policy, and it counts what it does, so that no schema keeps a process busy for long.
 *
 * @throws RangeError when it would take too many steps
 */
export function applySchema(root: unknown, value: unknown, parts: SchemaParts): readonly Failed[] {
  let steps = 0;

  function charge(more: number): void {
    steps += more;
    if (steps > stepLimit) throw new RangeError('applying the schema takes too many steps');
  }

  /** `evaluated`: the keys and positions that a schema around this one need not look at any more. */
  function apply(
    schema: unknown,
    value: unknown,
    at: Place | undefined,
    where: Place | undefined,
    evaluated?: Evaluated,
  ): readonly Failed[] {
    charge(1);
    if (schema === false) return [failure('false', undefined)];
    if (!isRecord(schema)) return none;
    const given: Record<string, unknown> = schema;
    const failures: Failed[] = [];
    const own: Evaluated = parts.unevaluated ? new Set() : undefined;

    function failure(keyword: string | undefined, more: Partial<Failed> | undefined): Failed {
      charge(failureCost);
      const keywordPath = segments(where);
      if (keyword !== undefined && keyword !== 'false') keywordPath.push(keyword);
      return { keyword: keyword ?? '', keywordPath, at: segments(at), below: none, ...more };
    }
    const fail = (keyword: string, more?: Partial<Failed>): void => {
      failures.push(failure(keyword, more));
    };
    const has = (keyword: string): boolean => Object.hasOwn(given, keyword);
    const step = (keyword: string, key?: string): Place => {
      const place = { up: where, key: keyword };
      return key === undefined ? place : { up: place, key };
    };
    /** Applies a schema to the same value. */
    const inside = (keyword: string, inner: unknown, key?: string): readonly Failed[] => {
      const found: Evaluated = own && new Set();
      const below = apply(inner, value, at, step(keyword, key), found);
      if (below.length === 0 && own) for (const each of found!) own.add(each);
      return below;
    };
    /** Applies a schema to a part of the value; true when one failed and no more have to be looked at. */
    const part = (keyword: string, inner: unknown, of: unknown, key: string, under?: string): void => {
      own?.add(key);
      if (failures.length > failureLimit) return;
      const below = apply(inner, of, { up: at, key }, step(keyword, under));
      if (below.length > 0) fail(keyword, { below });
    };

    if (has('$ref')) {
      const below = inside('$ref', parts.target(given));
      if (below.length > 0) fail('$ref', { below });
    }
    if (has('type')) {
      const types = Array.isArray(given.type) ? (given.type as unknown[]) : [given.type];
      if (!types.some((type) => isOf(type, value))) fail('type');
    }
    if (has('const') && !same(value, given.const)) fail('const');
    if (has('enum')) {
      const { scalars, others } = parts.choices(given.enum as unknown[]);
      if (!scalars.has(value) && !others.some((each) => same(value, each))) fail('enum');
    }
    if (has('not') && apply(given.not, value, at, step('not')).length === 0) fail('not');
    if (has('anyOf')) {
      const tried = (given.anyOf as unknown[]).map((each, index) => inside('anyOf', each, String(index)));
      if (tried.every((below) => below.length > 0)) fail('anyOf', { below: tried.flat() });
    }
    if (has('allOf')) {
      const below = (given.allOf as unknown[]).flatMap((each, index) => inside('allOf', each, String(index)));
      if (below.length > 0) fail('allOf', { below });
    }
    if (has('oneOf')) {
      const tried = (given.oneOf as unknown[]).map((each, index) => inside('oneOf', each, String(index)));
      const matched = tried.filter((below) => below.length === 0).length;
      if (matched !== 1) fail('oneOf', { below: tried.flat(), matched });
    }
    if (has('if')) {
      const branch = inside('if', given.if).length === 0 ? 'then' : 'else';
      const below = has(branch) ? inside(branch, given[branch]) : none;
      if (below.length > 0) fail('if', { below });
    }
    if (isRecord(value)) applyToMapping(value);
    else if (Array.isArray(value)) applyToList(value);
    else if (typeof value === 'number') applyToNumber(value);
    else if (typeof value === 'string') applyToText(value);
    if (own && evaluated && failures.length === 0) for (const each of own) evaluated.add(each);
    return failures.length === 0 ? none : failures;

    function same(one: unknown, other: unknown): boolean {
      if (typeof one === 'object' && one !== null) charge(sizeOf(other));
      return jsonEqual(one, other);
    }

    function applyToMapping(mapping: Record<string, unknown>): void {
      const keys = Object.keys(mapping);
      charge(keys.length >> 3);
      if (has('required'))
        for (const key of charged(given.required as string[]))
          if (!Object.hasOwn(mapping, key)) fail('required', { key });
      if (has('minProperties') && keys.length < (given.minProperties as number)) fail('minProperties');
      if (has('maxProperties') && keys.length > (given.maxProperties as number)) fail('maxProperties');
      if (has('propertyNames'))
        for (const key of keys) {
          if (failures.length > failureLimit) break;
          const below = apply(given.propertyNames, key, { up: at, key }, step('propertyNames'));
          if (below.length > 0) fail('propertyNames', { below, key });
        }
      if (has('dependentRequired'))
        for (const [neededBy, needed] of Object.entries(given.dependentRequired as Record<string, string[]>))
          if (Object.hasOwn(mapping, neededBy))
            for (const key of charged(needed))
              if (!Object.hasOwn(mapping, key)) fail('dependentRequired', { key, neededBy });
      if (has('dependentSchemas'))
        for (const [key, inner] of Object.entries(given.dependentSchemas as object)) {
          const below = Object.hasOwn(mapping, key) ? inside('dependentSchemas', inner, key) : none;
          if (below.length > 0) fail('dependentSchemas', { below });
        }
      const properties = has('properties') ? (given.properties as Record<string, unknown>) : undefined;
      if (properties)
        for (const key of Object.keys(properties)) {
          charge(1 / 8);
          if (Object.hasOwn(mapping, key)) part('properties', properties[key], mapping[key], key, key);
        }
      const matched = new Set<string>();
      if (has('patternProperties'))
        for (const [source, inner] of Object.entries(given.patternProperties as object)) {
          const pattern = parts.pattern(source);
          for (const key of keys) {
            if (!pattern.test(key, chargePattern)) continue;
            matched.add(key);
            part('patternProperties', inner, mapping[key], key, source);
          }
        }
      if (has('additionalProperties')) {
        for (const key of keys)
          if (!matched.has(key) && !(properties && Object.hasOwn(properties, key)))
            part('additionalProperties', given.additionalProperties, mapping[key], key);
      }
      if (has('unevaluatedProperties'))
        for (const key of keys)
          if (!own!.has(key)) part('unevaluatedProperties', given.unevaluatedProperties, mapping[key], key);
    }

    function applyToList(list: readonly unknown[]): void {
      charge(list.length >> 3);
      if (has('maxItems') && list.length > (given.maxItems as number)) fail('maxItems');
      if (has('minItems') && list.length < (given.minItems as number)) fail('minItems');
      const prefix = has('prefixItems') ? (given.prefixItems as unknown[]) : [];
      for (let n = 0; n < Math.min(prefix.length, list.length); n++)
        part('prefixItems', prefix[n], list[n], String(n), String(n));
      if (has('items'))
        for (let n = prefix.length; n < list.length; n++) part('items', given.items, list[n], String(n));
      if (has('contains')) applyContains(list);
      if (has('unevaluatedItems'))
        for (let n = 0; n < list.length; n++)
          if (!own!.has(String(n))) part('unevaluatedItems', given.unevaluatedItems, list[n], String(n));
      if (given.uniqueItems === true && hasTwice(list)) fail('uniqueItems');
    }

    function applyContains(list: readonly unknown[]): void {
      const { minContains: least = 1, maxContains: most = Number.POSITIVE_INFINITY } = given;
      let count = 0;
      list.forEach((each, n) => {
        if (apply(given.contains, each, { up: at, key: String(n) }, step('contains')).length > 0) return;
        own?.add(String(n));
        count++;
      });
      if (count < (least as number)) fail(has('minContains') ? 'minContains' : 'contains');
      else if (count > (most as number)) fail('maxContains');
    }

    /** One set of texts in which equal values are equal: comparing all with all takes minutes for 100,000. */
    function hasTwice(list: readonly unknown[]): boolean {
      const seen = new Set<string>();
      return list.some((each) => {
        charge(sizeOf(each));
        const text = canonical(each);
        return seen.size === seen.add(text).size;
      });
    }

    function applyToNumber(number: number): void {
      if (has('minimum') && number < (given.minimum as number)) fail('minimum');
      if (has('maximum') && number > (given.maximum as number)) fail('maximum');
      if (has('exclusiveMinimum') && number <= (given.exclusiveMinimum as number)) fail('exclusiveMinimum');
      if (has('exclusiveMaximum') && number >= (given.exclusiveMaximum as number)) fail('exclusiveMaximum');
      if (has('multipleOf') && !isMultiple(number, given.multipleOf as number)) fail('multipleOf');
    }

    function applyToText(text: string): void {
      if (has('minLength') && text.length < 2 * (given.minLength as number))
        if (charactersIn(text) < (given.minLength as number)) fail('minLength');
      if (has('maxLength') && text.length > (given.maxLength as number))
        if (charactersIn(text) > (given.maxLength as number)) fail('maxLength');
      if (has('pattern') && !parts.pattern(given.pattern as string).test(text, chargePattern))
        fail('pattern');
      if (has('format') && !hasFormat(given.format as string, text)) fail('format');
    }

    function charactersIn(text: string): number {
      charge(text.length >> 6);
      let count = 0;
      for (const _ of text) count++;
      return count;
    }
  }

  function charged<T>(list: readonly T[]): readonly T[] {
    charge(list.length >> 3);
    return list;
  }

  /** A step of a pattern is a small one. */
  function chargePattern(more: number): void {
    charge(more / 8);
  }

  return apply(root, value, undefined, undefined);
}

function segments(place: Place | undefined): string[] {
  const path: string[] = [];
  for (let at = place; at; at = at.up) path.push(at.key);
  return path.reverse();
}

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Exact for what is written in decimals: 10.05 is a multiple of 0.05, whatever the remainder of the division is. */
function isMultiple(number: number, divisor: number): boolean {
  if (!Number.isFinite(number)) return false;
  const [ofNumber, exponent] = decimal(number);
  const [ofDivisor, divisorExponent] = decimal(divisor);
  const lower = Math.min(exponent, divisorExponent);
  return (
    (ofNumber * 10n ** BigInt(exponent - lower)) % (ofDivisor * 10n ** BigInt(divisorExponent - lower)) === 0n
  );
}

function decimal(number: number): [bigint, number] {
  const [coefficient, exponent] = number.toExponential().split('e') as [string, string];
  const [whole, fraction = ''] = coefficient.split('.') as [string, string?];
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** How many values it holds, about. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length >> 6);
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const each of Object.values(value)) size += sizeOf(each);
  return size;
}
