import { bridgedFunctions } from './bridged.ts';
import { Failure, quote } from './failure.ts';
import * as kinds from './kind.ts';
import { kindOf, typeOf } from './kind.ts';
import { charge, chargeScan, type Frame } from './limits.ts';
import type { Optional } from './optional.ts';
import { stringMethods } from './strings.ts';

/** A function or method. */
export interface CelFunction {
  /** What each argument may be; of a method, the receiver comes first. */
  readonly accepts: readonly kinds.Kind[];
  readonly returns: kinds.Kind;
  readonly call: (frame: Frame, values: readonly unknown[]) => unknown;
}

const { ANY, BOOLEAN, BYTES, LIST, MAP, NUMBER, OPTIONAL, STRING, TYPE, DURATION, TIMESTAMP } = kinds;
const sized = STRING | BYTES | LIST | MAP;

function size(frame: Frame, [value]: readonly unknown[]): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') {
    chargeScan(frame, value.length * 4);
    let points = value.length;
    // In code points, as CEL counts: a low surrogate belongs to the one before it.
    for (let at = 0; at < value.length; at++)
      if ((value.codePointAt(at) as number) > 0xffff) points -= at++ >= 0 ? 1 : 0;
    return points;
  }
  if (value instanceof Uint8Array) return value.length;
  const count = Object.keys(value as object).length;
  charge(frame, count);
  return count;
}

function toNumber(name: string, frame: Frame, value: unknown): number {
  charge(frame, 2);
  if (typeof value !== 'string') return value as number;
  const number =
    value.trim() === value && value.length <= 400 && /^[+-]?[\d.]/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new Failure(`${name}() cannot make a number of ${quote(value)}`);
  return number;
}

function toWhole(name: string, frame: Frame, value: unknown): number {
  if (typeof value === 'string' && !/^[+-]?\d{1,20}$/.test(value)) {
    throw new Failure(`${name}() cannot make a whole number of ${quote(value)}`);
  }
  const whole = Math.trunc(toNumber(name, frame, value)) + 0;
  const lowest = name === 'uint' ? 0 : Number.MIN_SAFE_INTEGER;
  if (!(whole >= lowest && whole <= Number.MAX_SAFE_INTEGER)) throw new Failure(`${name}() is out of range`);
  return whole;
}

const truths: Readonly<Record<string, boolean | undefined>> = Object.freeze({
  __proto__: null,
  ...Object.fromEntries(['1', 't', 'true', 'TRUE', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'false', 'FALSE', 'False'].map((text) => [text, false])),
} as never);

function toBoolean(_frame: Frame, [value]: readonly unknown[]): boolean {
  const truth = typeof value === 'boolean' ? value : truths[value as string];
  if (truth === undefined) throw new Failure(`bool() cannot make a boolean of ${quote(value as string)}`);
  return truth;
}

const utf8 = new TextDecoder();

function toText(frame: Frame, [value]: readonly unknown[]): string {
  if (value instanceof Uint8Array) {
    charge(frame, 1 + value.length);
    return utf8.decode(value);
  }
  charge(frame, 8);
  if (!(value instanceof Date)) return String(value);
  if (Number.isNaN(value.getTime())) throw new Failure('the timestamp is out of range');
  return value.toISOString();
}

const convertible = STRING | NUMBER;

/** Functions of our own, by name and number of arguments; those of cel-js for the rest. */
export const functions: ReadonlyMap<string, CelFunction> = new Map<string, CelFunction>([
  ...bridgedFunctions(false),
  ['size/1', { accepts: [sized], returns: NUMBER, call: size }],
  ['dyn/1', { accepts: [ANY], returns: ANY, call: (_frame, [value]) => value }],
  ['type/1', { accepts: [ANY], returns: TYPE, call: (_frame, [value]) => typeOf(value) }],
  ['bool/1', { accepts: [BOOLEAN | STRING], returns: BOOLEAN, call: toBoolean }],
  [
    'double/1',
    { accepts: [convertible], returns: NUMBER, call: (frame, [v]) => toNumber('double', frame, v) },
  ],
  ['int/1', { accepts: [convertible], returns: NUMBER, call: (frame, [v]) => toWhole('int', frame, v) }],
  ['uint/1', { accepts: [convertible], returns: NUMBER, call: (frame, [v]) => toWhole('uint', frame, v) }],
  [
    'string/1',
    { accepts: [STRING | NUMBER | BOOLEAN | BYTES | TIMESTAMP | DURATION], returns: STRING, call: toText },
  ],
]);

/** The same for methods, without the receiver in their number of arguments. */
export const methods: ReadonlyMap<string, CelFunction> = new Map<string, CelFunction>([
  ...bridgedFunctions(true),
  ...stringMethods,
  ['size/0', { accepts: [sized], returns: NUMBER, call: size }],
  [
    'hasValue/0',
    { accepts: [OPTIONAL], returns: BOOLEAN, call: (_frame, [value]) => (value as Optional).present },
  ],
  ['value/0', { accepts: [OPTIONAL], returns: ANY, call: (_frame, [value]) => (value as Optional).value }],
]);

/** Checks what a function was given and calls it. */
export function callFunction(
  frame: Frame,
  name: string,
  fn: CelFunction,
  values: readonly unknown[],
): unknown {
  for (let index = 0; index < values.length; index++) {
    const accepted = fn.accepts[index] as number;
    const kind = kindOf(values[index]);
    if (!(kind & accepted))
      throw new Failure(`${name}() takes ${kinds.nameKind(accepted)}, not ${kinds.nameKind(kind)}`);
  }
  return fn.call(frame, values);
}
