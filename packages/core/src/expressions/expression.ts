import { type TypeError as CelTypeError, EvaluationError } from '@marcbachmann/cel-js';
import { VwmpError } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import { Analysis, type Use } from './analysis.ts';
import { BoundedCache } from './cache.ts';
import { functionNames } from './environment.ts';
import type { Node } from './hooks.ts';
import { nearest } from './nearest.ts';
import { type Parsed, parse } from './parse.ts';
import { toResult } from './result.ts';
import type { Scope } from './scope.ts';
import { normaliseExpression } from './step-outputs.ts';
import { assertWorkLeft, Failure, startWork } from './work.ts';

/** Something wrong with an expression, found without evaluating it. */
export interface ExpressionProblem {
  readonly code: Extract<ProblemCode, 'EXPRESSION_SYNTAX' | 'EXPRESSION_TYPE' | 'UNKNOWN_NAME'>;
  readonly message: string;
  /** From 0, in the text that was compiled. */
  readonly offset: number;
  readonly suggestion?: string;
}

/** An expression after parsing and static checks; with problems it cannot be evaluated. */
export interface CompiledExpression {
  readonly problems: readonly ExpressionProblem[];
  readonly names: readonly Use[];
  readonly steps: readonly Use[];
  readonly secrets: readonly Use[];
  readonly dynamicSteps: boolean;
  /** The type that CEL proved; undefined when it can be any. */
  readonly type: string | undefined;
  /** @throws EXPRESSION_ERROR */
  readonly evaluate: (scope: Scope) => JsonValue;
}

// Long ones are not kept, so that the number bounds the memory.
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
  const problems: ExpressionProblem[] = [];
  const analysis = new Analysis();
  let type: string | undefined;
  const parsed = parse(text);
  if (typeof parsed !== 'function') problems.push({ code: 'EXPRESSION_SYNTAX', ...parsed });
  else {
    analysis.visit(parsed.ast as unknown as Node);
    for (const problem of analysis.problems) problems.push({ code: 'EXPRESSION_TYPE', ...problem });
    const checked = parsed.check();
    if (!checked.valid) problems.push(typeProblem(checked.error));
    else if (!checked.type?.startsWith('dyn')) type = checked.type;
  }
  // After an older reference was rewritten, offsets would point into the rewritten text.
  const place = <T extends { readonly offset: number }>(found: T): T =>
    text === original ? found : { ...found, offset: 0 };
  return {
    problems: problems.map(place),
    names: analysis.names.map(place),
    steps: analysis.steps.map(place),
    secrets: analysis.secrets,
    dynamicSteps: analysis.dynamicSteps,
    type,
    evaluate: evaluator(parsed as Parsed, analysis, text, original),
  };
}

function typeProblem(error: unknown): ExpressionProblem {
  const { code, summary, range, node } = error as CelTypeError;
  if (error instanceof RangeError)
    return { code: 'EXPRESSION_SYNTAX', message: 'The expression is nested too deeply.', offset: 0 };
  const offset = range?.start ?? 0;
  const name = (node as Node | undefined)?.args;
  const called = code === 'no_matching_overload' && Array.isArray(name) ? String(name[0]) : undefined;
  if (called !== undefined && !functionNames().has(called)) {
    const suggestion = nearest(called, functionNames());
    const message = `There is no function "${called}".${suggestion ? ` Did you mean "${suggestion}"?` : ''}`;
    return { code: 'EXPRESSION_TYPE', message, offset, ...(suggestion && { suggestion }) };
  }
  return {
    code: 'EXPRESSION_TYPE',
    message: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    offset,
  };
}

function evaluator(
  run: Parsed,
  analysis: Analysis,
  text: string,
  original: string,
): (scope: Scope) => JsonValue {
  return (scope) => {
    startWork();
    try {
      const result = toResult(run(scope));
      assertWorkLeft();
      return result;
    } catch (error) {
      throw expressionError(original, explain(error, text));
    } finally {
      analysis.release();
    }
  };
}

/** Says why, by what stands in the expression; what cel-js says may hold values. */
function explain(error: unknown, text: string): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof RangeError) return 'a value is out of range, too large or nested too deeply';
  if (!(error instanceof EvaluationError)) return `a function failed (${(error as Error).name})`;
  const { code, node, summary } = error;
  const source = node ? text.slice(node.start, node.end) : text;
  const place = JSON.stringify(source.length > 80 ? `${source.slice(0, 79)}…` : source);
  switch (code) {
    case 'no_such_key':
    case 'index_out_of_bounds':
      return `${place} does not exist`;
    case 'unknown_variable':
      return `${place} is not in scope here`;
    case 'bool_conversion_error':
      return 'bool() takes "true" or "false"';
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `a condition must be true or false (at ${place})`;
    default: {
      const types = summary.replace(/dyn<([\w.]+)(?:<[^>]*>)?>/g, '$1');
      const hint = /string \+|\+ string/.test(types) ? '; string(…) makes text of a number' : '';
      return `${types} (at ${place})${hint}`;
    }
  }
}

/** The error of an evaluation; its message names the expression, or the text around several, but no value. */
export function expressionError(
  text: string,
  why: string,
  what: 'expression' | 'text' = 'expression',
): VwmpError {
  const short = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  const shown = what === 'expression' ? `\${${short.trim()}}` : JSON.stringify(short);
  return new VwmpError('EXPRESSION_ERROR', `The ${what} ${shown} failed: ${why}.`, { retryable: false });
}

/** The problem of an expression that stands where only true or false will do. */
export function notBoolean(compiled: CompiledExpression): ExpressionProblem | undefined {
  const { problems, type } = compiled;
  if (problems.length > 0 || type === undefined || type === 'bool') return undefined;
  return { code: 'EXPRESSION_TYPE', message: `This must be true or false, but it is ${type}.`, offset: 0 };
}
