import type { BinaryOperator, Node } from './ast.ts';
import { attempt } from './attempt.ts';
import { requireBoolean, truth } from './conditions.ts';
import type { CompileContext, Compiled, Run } from './context.ts';
import { Failure } from './failure.ts';
import * as kinds from './kind.ts';
import { operators } from './operators.ts';

const { ANY, BOOLEAN, BYTES, DURATION, LIST, MAP, NUMBER, STRING, TIMESTAMP } = kinds;
type Inner = (node: Node) => Compiled;

const ordered = [NUMBER, STRING, BOOLEAN, TIMESTAMP, DURATION];
const orderedPairs = ordered.map((kind) => [kind, kind, BOOLEAN] as const);
/** What goes with what, and what it gives; `==` and `!=` compare everything. */
const pairs: Readonly<
  Partial<Record<BinaryOperator, readonly (readonly [kinds.Kind, kinds.Kind, kinds.Kind])[]>>
> = {
  '+': [
    [NUMBER, NUMBER, NUMBER],
    [STRING, STRING, STRING],
    [LIST, LIST, LIST],
    [BYTES, BYTES, BYTES],
    [DURATION, DURATION, DURATION],
    [TIMESTAMP, DURATION, TIMESTAMP],
    [DURATION, TIMESTAMP, TIMESTAMP],
  ],
  '-': [
    [NUMBER, NUMBER, NUMBER],
    [DURATION, DURATION, DURATION],
    [TIMESTAMP, DURATION, TIMESTAMP],
    [TIMESTAMP, TIMESTAMP, DURATION],
  ],
  '*': [[NUMBER, NUMBER, NUMBER]],
  '/': [[NUMBER, NUMBER, NUMBER]],
  '%': [[NUMBER, NUMBER, NUMBER]],
  '<': orderedPairs,
  '<=': orderedPairs,
  '>': orderedPairs,
  '>=': orderedPairs,
  in: [
    [ANY, LIST, BOOLEAN],
    [STRING | NUMBER | BOOLEAN, MAP, BOOLEAN],
  ],
};

/** Compiles an operator with two operands. */
export function compileBinary(
  operator: BinaryOperator,
  args: readonly [Node, Node],
  offset: number,
  inner: Inner,
  context: CompileContext,
): Compiled {
  const [left, right] = [inner(args[0]), inner(args[1])] as const;
  const apply = operators[operator];
  const [a, b] = [left.run, right.run] as const;
  const run: Run = (frame) => apply(a(frame), b(frame), frame);
  const possible = pairs[operator];
  if (!possible) return { run, kind: BOOLEAN };
  let kind: kinds.Kind = 0;
  for (const [l, r, result] of possible) if (l & left.kind && r & right.kind) kind |= result;
  if (kind === 0) {
    const [l, r] = [kinds.nameKind(left.kind), kinds.nameKind(right.kind)];
    const hint =
      operator === '+' && (left.kind | right.kind) & STRING ? ' string(…) makes a string of it.' : '';
    context.wrong(`There is no ${l} ${operator} ${r}.${hint}`, offset);
    kind = ANY;
  }
  return { run, kind };
}

/** Compiles `!` and the sign. */
export function compileUnary(
  operator: '!_' | '-_',
  operand: Node,
  inner: Inner,
  context: CompileContext,
): Compiled {
  const { run, kind } = inner(operand);
  if (operator === '!_') {
    requireBoolean({ run, kind }, operand, context);
    return { run: (frame) => !truth(run(frame)), kind: BOOLEAN };
  }
  if (!(kind & NUMBER)) context.wrong(`There is no negative of ${kinds.nameKind(kind)}.`, operand.start);
  const negate: Run = (frame) => {
    const value = run(frame);
    if (typeof value !== 'number')
      throw new Failure(`there is no negative of ${kinds.nameKind(kinds.kindOf(value))}`);
    return -value;
  };
  return { run: negate, kind: NUMBER };
}

/**
 * Compiles `&&` and `||`. As CEL has it they are symmetric: a failure on one side does not matter
 * when the other side decides.
 */
export function compileLogical(
  operator: '&&' | '||',
  args: readonly [Node, Node],
  inner: Inner,
  context: CompileContext,
): Compiled {
  const [left, right] = [inner(args[0]), inner(args[1])] as const;
  requireBoolean(left, args[0], context);
  requireBoolean(right, args[1], context);
  const decisive = operator === '||';
  const [a, b] = [left.run, right.run] as const;
  const run: Run = (frame) => {
    const first = attempt(a, frame);
    if (first === decisive) return decisive;
    if (first === !decisive) return truth(b(frame));
    if (attempt(b, frame) === decisive) return decisive;
    if (first instanceof Failure) throw first;
    return truth(first);
  };
  return { run, kind: BOOLEAN };
}
