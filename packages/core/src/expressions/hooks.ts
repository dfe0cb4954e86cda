import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { callByCharacter } from './characters.ts';
import { convert } from './conversions.ts';
import type { Type } from './environment.ts';
import { matches } from './regex.ts';
import { partOfTimestamp } from './timestamp-parts.ts';
import { charge, chargeAll, Failure, sizeOf } from './work.ts';

/** A node of the tree that cel-js makes, checks and evaluates. */
export interface Node {
  readonly op: string;
  args: unknown;
  readonly start: number;
  readonly end: number;
  readonly meta: {
    check: Check;
    evaluate: (evaluator: Evaluator, node: Node, context: unknown) => unknown;
    /** What a macro like `map` was expanded to. */
    readonly alternate?: { readonly args: Comprehension };
    readonly macro?: Macro;
  };
  readonly checkedType?: Type;
  /** Set by `check` and called with the operands. */
  handle?: (...operands: readonly unknown[]) => unknown;
  check: Check;
}

interface Evaluator {
  run(node: Node, context: unknown): unknown;
}

interface Checker {
  readonly doubleType: Type;
  readonly dynType: Type;
  check(node: Node, context: unknown): Type;
  getType(name: string): Type;
  createError(code: string, message: string, node: Node): Error;
}

/** What `has` and `cel.bind` were expanded to. */
interface Macro {
  readonly args?: readonly [Node];
  readonly bindCtx?: LoopContext;
  /** Of `has`: the fields from the last to the first, and what they are read from. */
  macroHasProps?: readonly Node[];
  typeCheck(checker: Checker, macro: Macro, context: unknown): Type;
}

type Check = (checker: Checker, node: Node, context: unknown) => Type;

/** A loop of a macro. */
export interface Comprehension {
  condition?: (soFar: unknown) => boolean;
  readonly iterCtx?: LoopContext;
}

/** Holds the variable of a loop, and on to the scope of the last evaluation. */
export interface LoopContext {
  iterValue: unknown;
  accuValue: unknown;
  reuse(parent: unknown): unknown;
}

/** JSON has doubles only, so a double is an index too; evaluation finds nothing at a fraction. */
export function allowDoubleIndex(index: Node): void {
  const { check } = index;
  index.check = (checker, node, context) => {
    const type = check.call(index, checker, node, context);
    return type === checker.doubleType ? checker.dynType : type;
  };
}

/** JSON mixes types, and so may `a ? 1 : "none"`. */
export function allowMixedBranches(node: Node): void {
  const { check } = node.meta;
  node.meta.check = (checker, self, context) => {
    try {
      return check(checker, self, context);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'incompatible_ternary_branches') return checker.dynType;
      throw error;
    }
  };
}

/** Nothing is known of what is in an empty list or map; cel-js finds a type for it that few operators take. */
export function allowAnyEntry(node: Node, type: string): void {
  afterCheck(node, (_type, checker) => checker.getType(type));
}

/** Has `has` look into whatever an expression gives, as CEL says: `has(steps["a-b"].error)`. cel-js wants a name there. */
export function hasAnywhere(macro: Macro): void {
  macro.typeCheck = (checker, { args }, context) => {
    const [field] = args!;
    const parts: Node[] = [];
    let part: Node = field;
    for (; part.op === '.' || part.op === '.?'; [part] = part.args as [Node]) parts.push(part);
    const type = checker.check(part, context);
    if (field.op !== '.' || type.name.startsWith('optional<'))
      throw checker.createError(
        'invalid_macro_argument',
        'has() takes a field, as in has(steps.a.error)',
        field,
      );
    macro.macroHasProps = [...parts, part];
    return checker.getType('bool');
  };
}

/** Reads fields of JSON as cel-js does of what has a type: data may have a key `constructor`, say. */
export function readByType(node: Node): void {
  afterCheck(node, (type, checker, self) => {
    if ((self.args as [Node])[0].checkedType === checker.dynType) {
      self.handle = (target, key, at, evaluator) =>
        (evaluator as { debugType(value: unknown): Type })
          .debugType(target)
          .field(target, key, at, evaluator);
    }
    return type;
  });
}

/** cel-js leaves them out of a map, without a word. */
export const unsafeKeys: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);

/** Makes a map whose keys are computed, and fails at a key that cel-js would leave out. */
export function refuseUnsafeKeys(map: Node): void {
  map.meta.evaluate = (evaluator, { args }, context) => {
    const made: Record<string, unknown> = {};
    for (const [key, value] of args as readonly (readonly [Node, Node])[]) {
      const name = String(evaluator.run(key, context));
      if (unsafeKeys.has(name)) throw new Failure(`a map cannot have the key "${name}"`);
      made[name] = evaluator.run(value, context);
    }
    return made;
  };
}

/** Charges for an operator whose work grows with its operands. */
export function meterOperator(node: Node, op: '+' | '==' | '!=' | 'in'): void {
  afterCheck(node, (type, _checker, self) => {
    const handle = self.handle!;
    self.handle = (left, right, at, evaluator) => {
      if (op === '+') charge(sizeOf(left) + sizeOf(right));
      else if (op === 'in') chargeSearch(left, right);
      else if (typeof left === 'object' && typeof right === 'object') chargeAll(left);
      return handle(left, right, at, evaluator);
    };
    return type;
  });
}

function chargeSearch(value: unknown, list: unknown): void {
  if (!Array.isArray(list)) return;
  if (typeof value === 'object' && value !== null) chargeAll(list);
  else charge(list.length >> 3);
}

/**
 * Makes doubles of the ints that a function gives, charges for what it takes and gives, has `matches` answered by RE2,
 * the parts of timestamps found whatever the zone of the process, and texts read strictly.
 */
export function meterCall(node: Node): void {
  const name = (node.args as [string])[0];
  const isMatches = node.op === 'rcall' && name === 'matches';
  afterCheck(node, (type, checker, self) => {
    const handle = self.handle!;
    self.handle = (values, ...others) => {
      const given = values as readonly unknown[];
      const [text, pattern] = given;
      chargeCall(name, given);
      if (isMatches && typeof text === 'string' && typeof pattern === 'string') return matches(text, pattern);
      const own = partOfTimestamp(name, given) ?? convert(name, given);
      if (own !== undefined) return own;
      const result = callByCharacter(name, given, (counted) => handle(counted, ...others));
      if (typeof result === 'bigint' || result instanceof UnsignedInt) return toDouble(result);
      charge(sizeOf(result));
      return result;
    };
    return type.name === 'int' || type.name === 'uint' ? checker.doubleType : type;
  });
}

const searches: ReadonlySet<string> = new Set(['contains', 'indexOf', 'lastIndexOf', 'split']);

function chargeCall(name: string, values: readonly unknown[]): void {
  const [first, second] = values;
  // Joining a list reads all of it; its size is known.
  if (name === 'join') chargeAll(first);
  for (const value of values) if (!Array.isArray(value)) charge(1 + sizeOf(value));
  // Engines skip ahead in ordinary texts but compare each with each in made-up ones ("aaa…" for "baaa…").
  if (searches.has(name) && typeof first === 'string' && typeof second === 'string')
    charge((first.length * Math.min(first.length, second.length)) / 64);
}

function toDouble(value: bigint | UnsignedInt): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new Failure('a whole number is beyond 2^53, which JSON cannot hold exactly');
}

function afterCheck(node: Node, then: (type: Type, checker: Checker, self: Node) => Type): void {
  const { check } = node.meta;
  node.meta.check = (checker, self, context) => then(check(checker, self, context), checker, self);
}
