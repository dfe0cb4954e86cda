import { Duration } from '@marcbachmann/cel-js/evaluator';
import { Optional } from './optional.ts';

/**
 * Kinds of values as bits, so that what an expression may give (`cond ? 'a' : 1`) and what an
 * operator accepts are sets, and "can never work" is an empty intersection.
 */
export type Kind = number;
export const STRING: Kind = 1;
export const NUMBER: Kind = 2;
export const BOOLEAN: Kind = 4;
export const NULL: Kind = 8;
export const LIST: Kind = 16;
export const MAP: Kind = 32;
export const BYTES: Kind = 64;
export const TIMESTAMP: Kind = 128;
export const DURATION: Kind = 256;
export const OPTIONAL: Kind = 512;
export const TYPE: Kind = 1024;
export const ANY: Kind = 2047;

const names = [
  'a string',
  'a number',
  'a boolean',
  'null',
  'a list',
  'a map',
  'bytes',
  'a timestamp',
  'a duration',
  'an optional',
  'a type',
];

/** A set of kinds in words: "a string or a list". */
export function nameKind(kind: Kind): string {
  if ((kind & ANY) === ANY) return 'anything';
  const list = names.filter((_, bit) => kind & (1 << bit));
  const last = list.pop() ?? 'nothing';
  return list.length === 0 ? last : `${list.join(', ')} or ${last}`;
}

/** What `type(x)` gives. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }
}

// One kind of number, so its three CEL types are one and the same here: type(1) == int and == double.
const number = new TypeValue('double');
/** The types by the name that CEL gives them. */
export const types: Readonly<Record<string, TypeValue>> = Object.freeze({
  __proto__: null,
  string: new TypeValue('string'),
  int: number,
  uint: number,
  double: number,
  bool: new TypeValue('bool'),
  null_type: new TypeValue('null_type'),
  list: new TypeValue('list'),
  map: new TypeValue('map'),
  bytes: new TypeValue('bytes'),
  type: new TypeValue('type'),
} as never);

const timestampType = new TypeValue('google.protobuf.Timestamp');
const durationType = new TypeValue('google.protobuf.Duration');
const optionalType = new TypeValue('optional');
const typeByBit = [
  types.string,
  number,
  types.bool,
  types.null_type,
  types.list,
  types.map,
  types.bytes,
  timestampType,
  durationType,
  optionalType,
  types.type,
];

/** The type of a value, for `type(x)`. */
export function typeOf(value: unknown): TypeValue {
  return typeByBit[Math.log2(kindOf(value))] as TypeValue;
}

/** The kind of a value while it is evaluated: exactly one bit. */
export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'number':
      return NUMBER;
    case 'boolean':
      return BOOLEAN;
    case 'object': {
      if (value === null) return NULL;
      if (Array.isArray(value)) return LIST;
      const prototype = Object.getPrototypeOf(value);
      if (prototype === Object.prototype || prototype === null) return MAP;
      if (value instanceof Date) return TIMESTAMP;
      if (value instanceof Duration) return DURATION;
      if (value instanceof Uint8Array) return BYTES;
      if (value instanceof Optional) return OPTIONAL;
      if (value instanceof TypeValue) return TYPE;
      // An object of another realm, say: its own keys can be read like those of any map.
      return MAP;
    }
    default:
      return 0;
  }
}
