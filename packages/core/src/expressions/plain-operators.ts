import { jsonEqual } from '../values/equal.ts';
import { explainTypes, showPlace } from './compiled.ts';
import type { Scope } from './scope.ts';
import { charge, chargeAll, Failure, sizeOf } from './work.ts';

/** What is known of the type of a value before there is one. */
export type Kind = 'dyn' | 'double' | 'string' | 'bool' | 'null';

type Run = (scope: Scope) => unknown;

/** Where something stands in the text of an expression. */
export interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A part of a plain expression; where it stands is for messages, and as CEL says it: parentheses belong to nothing. */
export interface PlainNode {
  readonly start: number;
  readonly end: number;
  readonly kind: Kind;
  readonly run: Run;
}

const ordered: readonly Kind[] = ['double', 'string', 'bool'];
const operands: Readonly<Record<string, readonly Kind[]>> = {
  '+': ['double', 'string'],
  '-': ['double'],
  '*': ['double'],
  '/': ['double'],
  '<': ordered,
  '<=': ordered,
  '>': ordered,
  '>=': ordered,
  '==': [...ordered, 'null'],
  '!=': [...ordered, 'null'],
  '&&': ['bool'],
  '||': ['bool'],
};

/** What an operator gives, or undefined when there is none for such operands. */
export function kindOfBinary(op: string, left: Kind, right: Kind): Kind | undefined {
  const known = left === 'dyn' ? right : left;
  if (left !== 'dyn' && right !== 'dyn' && left !== right) return undefined;
  if (known !== 'dyn' && !operands[op]?.includes(known)) return undefined;
  return '+-*/'.includes(op) ? known : 'bool';
}

/** Reads what a path leads to. */
export function read(
  root: string,
  keys: readonly (string | number)[],
  text: string,
  start: number,
  ends: readonly number[],
): Run {
  return (scope) => {
    let value: unknown = scope[root as keyof Scope];
    if (value === undefined) throw new Failure(`${showPlace(text, start, ends[0])} is not in scope here`);
    for (let index = 0; index < keys.length; index++) {
      value = field(value, keys[index] as string | number);
      if (value === undefined) throw new Failure(`${showPlace(text, start, ends[index + 1])} does not exist`);
    }
    return value;
  };
}

function field(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** `!value` */
export function not(node: PlainNode, { text, start, end }: Place): Run {
  return (scope) => {
    const value = node.run(scope);
    if (typeof value === 'boolean') return !value;
    const type = typeOf(value);
    const shown = type === 'list' ? 'list<dyn>' : type === 'map' ? 'map<dyn, dyn>' : type;
    throw new Failure(explainTypes(`no such overload: !${shown}`, showPlace(text, start, end)));
  };
}

/** `left op right` */
export function operate(op: string, left: PlainNode, right: PlainNode, place: Place): Run {
  if (op === '&&' || op === '||') return decide(op === '||', left, right, place.text);
  return (scope) => {
    const a = left.run(scope);
    const b = right.run(scope);
    if (op === '==' || op === '!=') return equal(a, b) === (op === '==');
    if (op === '+') charge(sizeOf(a) + sizeOf(b));
    const result = compute(op, a, b);
    if (result !== undefined) return result;
    const types = `no such overload: ${typeOf(a)} ${op} ${typeOf(b)}`;
    throw new Failure(explainTypes(types, showPlace(place.text, place.start, place.end)));
  };
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' && typeof b === 'object') chargeAll(a);
  return jsonEqual(a, b);
}

function compute(op: string, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') {
    switch (op) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return a / b;
      default:
        return compare(op, a, b);
    }
  }
  if (typeof a === 'string' && typeof b === 'string') return op === '+' ? a + b : compare(op, a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return compare(op, a, b);
  return op === '+' && Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
}

function compare<T extends number | string | boolean>(op: string, a: T, b: T): boolean | undefined {
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

/** `||` (decided by true) and `&&` (by false): a failure on one side does not matter when the other decides. */
function decide(deciding: boolean, left: PlainNode, right: PlainNode, text: string): Run {
  const noCondition = (): Failure =>
    new Failure(`a condition must be true or false (at ${showPlace(text, left.start, left.end)})`);
  return (scope) => {
    let value: unknown;
    let failure: unknown;
    try {
      value = left.run(scope);
    } catch (error) {
      failure = error;
    }
    if (value === deciding) return deciding;
    const other = right.run(scope);
    if (other === deciding) return deciding;
    if (typeof other !== 'boolean') throw noCondition();
    if (value === !deciding) return value;
    throw failure ?? noCondition();
  };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object'
    ? 'map'
    : typeof value === 'number'
      ? 'double'
      : typeof value === 'boolean'
        ? 'bool'
        : 'string';
}
