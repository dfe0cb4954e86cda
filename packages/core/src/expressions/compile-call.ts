import type { CallNode, Node } from './ast.ts';
import type { CompileContext, Compiled, Run } from './context.ts';
import { Failure, quote } from './failure.ts';
import { type CelFunction, callFunction, functions, methods } from './functions.ts';
import { ANY, nameKind } from './kind.ts';
import { nearest } from './nearest.ts';

function missingFunction(): never {
  throw new Failure('it calls a function that does not exist');
}

/** Compiles the call of a function or method. */
export function compileCall(
  node: CallNode,
  inner: (node: Node) => Compiled,
  context: CompileContext,
): Compiled {
  const name = node.args[0];
  const operands = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]];
  const values = operands.map(inner);
  const count = node.op === 'call' ? values.length : values.length - 1;
  const table = node.op === 'call' ? functions : methods;
  const fn = table.get(`${name}/${count}`);
  if (!fn) {
    noteUnknownFunction(name, count, table, node, context);
    return { run: missingFunction, kind: ANY };
  }
  values.forEach((value, index) => {
    const accepted = fn.accepts[index] as number;
    if (value.kind & accepted) return;
    const message = `${name}() takes ${nameKind(accepted)}, not ${nameKind(value.kind)}.`;
    context.wrong(message, (operands[index] as Node).start);
  });
  const runs = values.map((value) => value.run);
  const run: Run = (frame) =>
    callFunction(
      frame,
      name,
      fn,
      runs.map((value) => value(frame)),
    );
  return { run, kind: fn.returns };
}

function noteUnknownFunction(
  name: string,
  count: number,
  table: ReadonlyMap<string, CelFunction>,
  node: Node,
  context: CompileContext,
): void {
  const names = [...new Set([...table.keys()].map((key) => key.slice(0, key.indexOf('/'))))];
  if (names.includes(name)) {
    context.wrong(`${name}() does not take ${count} argument${count === 1 ? '' : 's'}.`, node.start);
    return;
  }
  const suggestion = nearest(name, names);
  const hint = suggestion ? ` Did you mean ${suggestion}()?` : '';
  context.wrong(`There is no function ${quote(name)}.${hint}`, node.start, suggestion);
}
