import type { Duration } from '@marcbachmann/cel-js/evaluator';
import { assertAllowed, toKey } from './access.ts';
import type { BinaryOperator } from './ast.ts';
import { bridge } from './bridge.ts';
import { Failure } from './failure.ts';
import { BOOLEAN, BYTES, DURATION, kindOf, LIST, MAP, NUMBER, nameKind, STRING, TIMESTAMP } from './kind.ts';
import { charge, chargeScan, chargeText, type Frame } from './limits.ts';

type Operator = (left: unknown, right: unknown, frame: Frame) => unknown;

/** The binary operators. Numbers are doubles, as in JSON; there is no second kind. */
export const operators: Readonly<Record<BinaryOperator, Operator>> = {
  '+': (left, right, frame) => {
    if (typeof left === 'number' && typeof right === 'number') return exact(left + right, left, right);
    if (typeof left === 'string' && typeof right === 'string') {
      chargeText(frame, left.length + right.length);
      return left + right;
    }
    if (Array.isArray(left) && Array.isArray(right)) {
      charge(frame, 8 + left.length + right.length);
      return left.concat(right);
    }
    return others('+', left, right, frame);
  },
  '-': (left, right, frame) => {
    if (typeof left === 'number' && typeof right === 'number') return exact(left - right, left, right);
    return others('-', left, right, frame);
  },
  '*': (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return exact(left * right, left, right);
    throw mismatch('*', left, right);
  },
  '/': (left, right) => {
    if (typeof left !== 'number' || typeof right !== 'number') throw mismatch('/', left, right);
    if (right === 0) throw new Failure('division by zero');
    return left / right;
  },
  '%': (left, right) => {
    if (typeof left !== 'number' || typeof right !== 'number') throw mismatch('%', left, right);
    if (right === 0) throw new Failure('modulo by zero');
    return left % right;
  },
  '==': (left, right, frame) => isEqual(left, right, frame),
  '!=': (left, right, frame) => !isEqual(left, right, frame),
  '<': (left, right, frame) => order('<', left, right, frame) < 0,
  '<=': (left, right, frame) => order('<=', left, right, frame) <= 0,
  '>': (left, right, frame) => order('>', left, right, frame) > 0,
  '>=': (left, right, frame) => order('>=', left, right, frame) >= 0,
  in: (left, right, frame) => {
    if (Array.isArray(right)) {
      charge(frame, right.length);
      return right.some((item) => isEqual(left, item, frame));
    }
    if (kindOf(right) !== MAP) throw mismatch('in', left, right);
    assertAllowed(left);
    return Object.hasOwn(right as object, toKey(left));
  },
};

function mismatch(operator: string, left: unknown, right: unknown): Failure {
  const kinds = `${nameKind(kindOf(left))} ${operator} ${nameKind(kindOf(right))}`;
  const hint =
    operator === '+' && (kindOf(left) | kindOf(right)) & STRING ? '; string(…) makes a string' : '';
  return new Failure(`there is no ${kinds}${hint}`);
}

/** Whole numbers stay exact: a result that a double cannot hold exactly is an error, not a near miss. */
function exact(result: number, left: number, right: number): number {
  if (result <= Number.MAX_SAFE_INTEGER && result >= Number.MIN_SAFE_INTEGER) return result;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) {
    throw new Failure('the result is a whole number beyond 2^53, which JSON cannot hold exactly');
  }
  return result;
}

/** `+` and `-` of timestamps, durations and bytes, as cel-js does them. */
function others(operator: '+' | '-', left: unknown, right: unknown, frame: Frame): unknown {
  const kinds = [kindOf(left), kindOf(right)] as const;
  if (kinds[0] & (TIMESTAMP | DURATION) && kinds[1] & (TIMESTAMP | DURATION)) {
    charge(frame, 50);
    return bridge(`a ${operator} b`)([left, right]);
  }
  if (operator === '+' && kinds[0] & kinds[1] & BYTES) {
    charge(frame, 8 + (left as Uint8Array).length + (right as Uint8Array).length);
    return bridge('a + b')([left, right]);
  }
  throw mismatch(operator, left, right);
}

function order(operator: string, left: unknown, right: unknown, frame: Frame): number {
  if (typeof left === 'number' && typeof right === 'number') return compare(left, right);
  const kind = kindOf(left);
  if (kind !== kindOf(right) || !(kind & (NUMBER | STRING | BOOLEAN | TIMESTAMP | DURATION))) {
    throw mismatch(operator, left, right);
  }
  if (kind === STRING) chargeScan(frame, Math.min((left as string).length, (right as string).length));
  // Timestamps and durations compare by their milliseconds.
  return kind & (TIMESTAMP | DURATION)
    ? compare(Number(left), Number(right))
    : compare(left as never, right as never);
}

function compare<T extends number | string | boolean>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
}

/** Deep equality; values of different kinds are different, which is no error. */
export function isEqual(left: unknown, right: unknown, frame: Frame): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    chargeScan(frame, left.length);
    return left === right;
  }
  if (left === right) return true;
  charge(frame, 1);
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return false;
  switch (kind) {
    case LIST: {
      const [a, b] = [left as readonly unknown[], right as readonly unknown[]];
      return a.length === b.length && a.every((item, index) => isEqual(item, b[index], frame));
    }
    case MAP: {
      const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
      const keys = Object.keys(a);
      charge(frame, keys.length);
      if (keys.length !== Object.keys(b).length) return false;
      return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key], frame));
    }
    case BYTES: {
      const [a, b] = [left as Uint8Array, right as Uint8Array];
      charge(frame, a.length);
      return a.length === b.length && a.every((byte, index) => byte === b[index]);
    }
    case TIMESTAMP:
      return Number(left) === Number(right);
    case DURATION:
      return (
        (left as Duration).seconds === (right as Duration).seconds &&
        (left as Duration).nanos === (right as Duration).nanos
      );
    default:
      return false;
  }
}
