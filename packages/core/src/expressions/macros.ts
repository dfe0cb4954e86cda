import { assertAllowed, ownValue } from './access.ts';
import type { CallNode, Node } from './ast.ts';
import { compileTarget } from './compile-access.ts';
import type { CompileContext, Compiled, Run } from './context.ts';
import { Failure } from './failure.ts';
import { ANY, BOOLEAN, kindOf, nameKind, OPTIONAL } from './kind.ts';
import { compileLoop } from './loops.ts';
import { none, Optional } from './optional.ts';

type Inner = (node: Node) => Compiled;

/** Compiles what looks like a call but evaluates its arguments in its own way; undefined when it is none. */
export function compileMacro(node: CallNode, inner: Inner, context: CompileContext): Compiled | undefined {
  if (node.op === 'call') {
    const [name, args] = node.args;
    return name === 'has' && args.length === 1 ? compileHas(args[0] as Node, inner, context) : undefined;
  }
  const [name, receiver, args] = node.args;
  const namespace = receiver.op === 'id' && !context.find(receiver.args) ? receiver.args : undefined;
  if (namespace === 'cel' && name === 'bind' && args.length === 3) {
    return compileBind(args as readonly [Node, Node, Node], inner, context);
  }
  if (namespace === 'optional' && name === 'none' && args.length === 0)
    return { run: () => none, kind: OPTIONAL };
  if (namespace === 'optional' && name === 'of' && args.length === 1) {
    const value = inner(args[0] as Node).run;
    return { run: (frame) => new Optional(value(frame)), kind: OPTIONAL };
  }
  if ((name === 'or' || name === 'orValue') && args.length === 1) {
    return compileOr(name, inner(receiver), inner(args[0] as Node), receiver, context);
  }
  return compileLoop(name, receiver, args, inner, context);
}

/** `has(a.b)`: whether the last key is there; what stands before it must be. */
function compileHas(operand: Node, inner: Inner, context: CompileContext): Compiled {
  if (operand.op !== '.' && operand.op !== '.?' && operand.op !== '[]') {
    context.wrong('has() takes what is read from something, as has(config.name).', operand.start);
    return { run: () => false, kind: BOOLEAN };
  }
  const target = compileTarget(operand, inner, context).run;
  const last = operand.args[1];
  const key = typeof last === 'string' ? () => last : inner(last).run;
  const run: Run = (frame) => {
    const name = key(frame);
    assertAllowed(name);
    const value = target(frame);
    const map = value instanceof Optional ? value.or(null) : value;
    if (Array.isArray(map)) return Number.isInteger(name) && map[name as number] !== undefined;
    return ownValue(map, name) !== undefined;
  };
  return { run, kind: BOOLEAN };
}

/** `cel.bind(name, value, expression)`. */
function compileBind(
  [name, value, body]: readonly [Node, Node, Node],
  inner: Inner,
  context: CompileContext,
): Compiled {
  const bound = inner(value);
  const { inner: result, slot } = context.bind((name as Node & { op: 'id' }).args, bound.kind, () =>
    inner(body),
  );
  const run: Run = (frame) => {
    frame.slots[slot] = bound.run(frame);
    return result.run(frame);
  };
  return { run, kind: result.kind };
}

/** `.or(optional)` and `.orValue(value)`; the other side is evaluated only when it is needed. */
function compileOr(
  name: 'or' | 'orValue',
  receiver: Compiled,
  other: Compiled,
  node: Node,
  context: CompileContext,
): Compiled {
  if (!(receiver.kind & OPTIONAL)) {
    const message = `.${name}() belongs to an optional, as config.?name gives; this is ${nameKind(receiver.kind)}.`;
    context.wrong(message, node.start);
  }
  const run: Run = (frame) => {
    const optional = receiver.run(frame);
    if (!(optional instanceof Optional)) {
      throw new Failure(`.${name}() belongs to an optional, not to ${nameKind(kindOf(optional))}`);
    }
    if (name === 'orValue') return optional.present ? optional.value : other.run(frame);
    const result = optional.present ? optional : other.run(frame);
    if (result instanceof Optional) return result;
    throw new Failure(`.or() takes an optional, not ${nameKind(kindOf(result))}`);
  };
  return { run, kind: name === 'or' ? OPTIONAL : ANY };
}
