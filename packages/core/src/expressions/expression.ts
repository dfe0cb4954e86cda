import { VwmpError } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { Node } from './ast.ts';
import { BoundedCache } from './cache.ts';
import { compile } from './compile.ts';
import { CompileContext, type ExpressionProblem, type Run, type Use } from './context.ts';
import { Failure } from './failure.ts';
import { BOOLEAN, nameKind } from './kind.ts';
import { type Frame, MAX_WORK } from './limits.ts';
import { isSyntaxProblem, parse } from './parse.ts';
import { toResult } from './result.ts';
import type { Scope } from './scope.ts';
import { normaliseExpression } from './step-outputs.ts';

/** An expression after parsing and static checks; with problems it cannot be evaluated. */
export interface CompiledExpression {
  readonly problems: readonly ExpressionProblem[];
  readonly names: readonly Use[];
  readonly steps: readonly Use[];
  readonly secrets: readonly Use[];
  readonly dynamicSteps: boolean;
  /** The kinds of values that it may give. */
  readonly kind: number;
  /** @throws EXPRESSION_ERROR */
  readonly evaluate: (scope: Scope) => JsonValue;
}

// A compiled expression of ordinary length takes 1.8 KB, so 500 take about 1 MB. Long ones are not kept.
const cache = new BoundedCache<CompiledExpression>(500);
const longestCached = 1_000;

/** Compiles the inside of one `${…}`; problems are returned. The last 500 are remembered. */
export function compileText(text: string): CompiledExpression {
  const known = cache.get(text);
  if (known) return known;
  const compiled = compileFresh(text);
  if (text.length <= longestCached) cache.set(text, compiled);
  return compiled;
}

function compileFresh(original: string): CompiledExpression {
  const text = normaliseExpression(original);
  const context = new CompileContext(text);
  const parsed = parse(text);
  let run: Run = () => undefined;
  let kind = 0;
  if (isSyntaxProblem(parsed)) context.problems.push({ code: 'EXPRESSION_SYNTAX', ...parsed });
  else {
    try {
      ({ run, kind } = compile(parsed as Node, context));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      context.problems.push({ code: 'EXPRESSION_SYNTAX', message: error.message, offset: 0 });
    }
  }
  // After an older reference was rewritten, offsets would point into the rewritten text.
  const place = <T extends { readonly offset: number }>(found: T): T =>
    text === original ? found : { ...found, offset: 0 };
  return {
    problems: context.problems.map(place),
    names: context.names.map(place),
    steps: context.steps.map(place),
    secrets: context.secrets,
    dynamicSteps: context.dynamicSteps,
    kind,
    evaluate: evaluator(run, context.slots, original),
  };
}

function evaluator(run: Run, slots: number, text: string): (scope: Scope) => JsonValue {
  return (scope) => {
    const frame: Frame = { scope, slots: slots === 0 ? noSlots : new Array(slots), left: MAX_WORK };
    try {
      return toResult(run(frame), frame);
    } catch (error) {
      throw expressionError(text, error);
    }
  };
}

const noSlots: unknown[] = [];

/** The error of an evaluation; its message names the expression, or the text around several, but no value. */
export function expressionError(
  text: string,
  cause: unknown,
  what: 'expression' | 'text' = 'expression',
): VwmpError {
  let why: string;
  if (cause instanceof Failure) why = cause.message;
  else if (cause instanceof RangeError) why = 'a value is too large or nested too deeply';
  else why = cause instanceof Error ? cause.message : String(cause);
  const short = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  const shown = what === 'expression' ? `\${${short.trim()}}` : JSON.stringify(short);
  return new VwmpError('EXPRESSION_ERROR', `The ${what} ${shown} failed: ${why}.`, { retryable: false });
}

/** The problem of an expression that stands where only true or false will do. */
export function notBoolean(compiled: CompiledExpression): ExpressionProblem | undefined {
  if (compiled.problems.length > 0 || compiled.kind & BOOLEAN) return undefined;
  const message = `This must be true or false, but it is ${nameKind(compiled.kind)}.`;
  return { code: 'EXPRESSION_TYPE', message, offset: 0 };
}
