import type { Node } from './ast.ts';
import type { CompileContext, Compiled } from './context.ts';
import { Failure } from './failure.ts';
import { BOOLEAN, kindOf, nameKind } from './kind.ts';

/** What a condition gave, if it is a boolean. */
export function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Failure(`a condition must be true or false, not ${nameKind(kindOf(value))}`);
}

/** Notes a condition that can never be a boolean. */
export function requireBoolean(condition: Compiled, node: Node, context: CompileContext): void {
  if (condition.kind & BOOLEAN) return;
  context.wrong(`A condition must be true or false; this is ${nameKind(condition.kind)}.`, node.start);
}
