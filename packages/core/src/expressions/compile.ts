import { assertAllowed } from './access.ts';
import type { Node } from './ast.ts';
import { compileAccess } from './compile-access.ts';
import { compileCall } from './compile-call.ts';
import { compileBinary, compileLogical, compileUnary } from './compile-operators.ts';
import { requireBoolean, truth } from './conditions.ts';
import type { CompileContext, Compiled, Run } from './context.ts';
import { Failure } from './failure.ts';
import * as kinds from './kind.ts';
import { charge, MAX_DEPTH, MAX_NODES } from './limits.ts';
import { compileMacro } from './macros.ts';
import { compileName } from './names.ts';

const { BOOLEAN, BYTES, LIST, MAP, NULL, NUMBER, STRING } = kinds;

/**
 * Turns a node into closures, once; evaluating is then plain calls. What can be proved to fail is
 * put into the context's problems, all of it.
 */
export function compile(node: Node, context: CompileContext, depth = 0): Compiled {
  context.nodes++;
  if (depth > MAX_DEPTH || context.nodes > MAX_NODES) {
    throw new Failure(`The expression is too large: at most ${MAX_NODES} parts, nested ${MAX_DEPTH} deep.`);
  }
  const inner = (child: Node): Compiled => compile(child, context, depth + 1);
  switch (node.op) {
    case 'value':
      return compileLiteral(node.args, node.start, context);
    case 'id':
      return compileName(node.args, node.start, context);
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return compileAccess(node, inner, context);
    case 'list': {
      const items = node.args.map((item) => inner(item).run);
      const run: Run = (frame) => {
        charge(frame, 8);
        return items.map((item) => item(frame));
      };
      return { run, kind: LIST };
    }
    case 'map':
      return compileMap(node.args, inner, context);
    case '?:': {
      const [condition, yes, no] = [inner(node.args[0]), inner(node.args[1]), inner(node.args[2])] as const;
      requireBoolean(condition, node.args[0], context);
      const run: Run = (frame) => (truth(condition.run(frame)) ? yes.run(frame) : no.run(frame));
      return { run, kind: yes.kind | no.kind };
    }
    case '||':
    case '&&':
      return compileLogical(node.op, node.args, inner, context);
    case '!_':
    case '-_':
      return compileUnary(node.op, node.args, inner, context);
    case 'call':
    case 'rcall':
      return compileMacro(node, inner, context) ?? compileCall(node, inner, context);
    default:
      return compileBinary(node.op, node.args, node.start, inner, context);
  }
}

function compileLiteral(literal: unknown, offset: number, context: CompileContext): Compiled {
  let value = literal;
  if (
    typeof value === 'bigint' ||
    (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
  ) {
    // Ints and uints ("1u", an object of cel-js) are numbers like all others.
    value = Number(value);
    if (!Number.isSafeInteger(value)) context.wrong('This number is too large to be held exactly.', offset);
  }
  const kind = kinds.kindOf(value) & (STRING | NUMBER | BOOLEAN | NULL | BYTES);
  return { run: () => value, kind };
}

type Entries = readonly (readonly [Node, Node])[];

function compileMap(args: Entries, inner: (node: Node) => Compiled, context: CompileContext): Compiled {
  const entries = args.map(([keyNode, value]) => {
    const key = inner(keyNode);
    if (!(key.kind & STRING)) context.wrong('The key of a map must be a string.', keyNode.start);
    return [key.run, inner(value).run] as const;
  });
  const run: Run = (frame) => {
    charge(frame, 8 + entries.length * 4);
    const map: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      const name = key(frame);
      if (typeof name !== 'string') {
        throw new Failure(`the key of a map must be a string, not ${kinds.nameKind(kinds.kindOf(name))}`);
      }
      assertAllowed(name);
      map[name] = value(frame);
    }
    return map;
  };
  return { run, kind: MAP };
}
