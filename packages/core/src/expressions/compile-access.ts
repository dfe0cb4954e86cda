import { assertAllowed, isForbidden, readIndex, readKey, readOptional } from './access.ts';
import type { AccessNode, Node } from './ast.ts';
import type { CompileContext, Compiled } from './context.ts';
import { quote } from './failure.ts';
import { ANY, BOOLEAN, LIST, MAP, NULL, NUMBER, nameKind, OPTIONAL, STRING } from './kind.ts';

/** Compiles `a.b`, `a[b]`, `a.?b` and `a[?b]`. */
export function compileAccess(
  node: AccessNode,
  inner: (node: Node) => Compiled,
  context: CompileContext,
): Compiled {
  const target = compileTarget(node, inner, context);
  const where = quote(context.text.slice(node.args[0].start, node.args[0].end));
  const optional = node.op === '.?' || node.op === '[?]';
  // An optional access gives none of null or of what has no such keys; a constant cannot be meant so.
  const readable = MAP | OPTIONAL | (optional ? NULL | LIST : node.op === '[]' ? LIST : 0);
  if (!(target.kind & readable)) {
    context.wrong(`${where} is ${nameKind(target.kind)} and has nothing to read in it.`, node.start);
  }
  const kind = optional || target.kind === OPTIONAL ? OPTIONAL : ANY;
  const run = target.run;
  const key: string | Node = node.args[1];
  if (typeof key === 'string') {
    if (isForbidden(key)) return { run: () => assertAllowed(key), kind };
    if (node.op === '.') return { run: (frame) => readKey(run(frame), key, where), kind };
    return { run: (frame) => readOptional(run(frame), key), kind };
  }
  const index = inner(key);
  if (!(index.kind & (target.kind === LIST ? NUMBER : STRING | NUMBER | BOOLEAN))) {
    context.wrong(`This is ${nameKind(index.kind)}, which cannot be a key or index here.`, key.start);
  }
  if (node.op === '[]') return { run: (frame) => readIndex(run(frame), index.run(frame), where), kind };
  return { run: (frame) => readOptional(run(frame), index.run(frame)), kind };
}

/** Compiles what is read from and, when it is `steps` or `secrets`, notes which of them is read. */
export function compileTarget(
  node: AccessNode,
  inner: (node: Node) => Compiled,
  context: CompileContext,
): Compiled {
  const target = node.args[0];
  const root = target.op === 'id' && !context.find(target.args) ? target.args : undefined;
  if (root !== 'steps' && root !== 'secrets') return inner(target);
  const key: string | Node = node.args[1];
  const name = typeof key === 'string' ? key : key.op === 'value' ? key.args : undefined;
  if (typeof name !== 'string') return inner(target);
  context[root].push({ name, offset: target.start });
  // A name that stands alone counts as read in a way that does not tell which step; this one does.
  const before = context.dynamicSteps;
  const compiled = inner(target);
  context.dynamicSteps = before;
  return compiled;
}
