import { VwmpError } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { RootUse, Scope, Use } from './scope.ts';
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
  readonly names: readonly RootUse[];
  readonly steps: readonly Use[];
  readonly secrets: readonly Use[];
  readonly dynamicSteps: boolean;
  /** The type that CEL proved; undefined when it can be any. */
  readonly type: string | undefined;
  /** @throws EXPRESSION_ERROR */
  readonly evaluate: (scope: Scope) => JsonValue;
}

/** Makes the error of an evaluation: {@link expressionError}, of which cel.ts is to have no copy. */
export type Fail = (original: string, why: string) => Error;

/** What compiles all of CEL: cel.ts, once it is loaded. */
export interface CelLibrary {
  compileCel(text: string, original: string, fail: Fail): CompiledExpression;
  loadRegex(): Promise<void>;
}

/** What finds the value of an expression, still without its limits and its errors. */
export interface Evaluation {
  run(scope: Scope): JsonValue;
  /** Says why it failed, in words that hold no value. */
  explain(error: unknown): string;
  /** Called in the end, however it ends. */
  release?(): void;
}

/**
 * Puts an evaluation under the limits of work, and makes an error of its own of what it throws.
 *
 * @param original - the expression as the user wrote it
 */
export function limited(
  { run, explain, release }: Evaluation,
  original: string,
  fail: Fail,
): CompiledExpression['evaluate'] {
  return (scope) => {
    startWork();
    try {
      const result = run(scope);
      assertWorkLeft();
      return result;
    } catch (error) {
      throw fail(original, explain(error));
    } finally {
      release?.();
    }
  };
}

/** A part of an expression as messages show it. */
export function showPlace(text: string, start = 0, end: number = text.length): string {
  const source = text.slice(start, end);
  return JSON.stringify(source.length > 80 ? `${source.slice(0, 79)}…` : source);
}

/** Why an evaluation failed, unless only its evaluator knows that. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof Failure) return error.message;
  if (error instanceof RangeError) return 'a value is out of range, too large or nested too deeply';
  return undefined;
}

/** Says that there is no operator or function for such values. */
export function explainTypes(types: string, place: string): string {
  const hint = /string \+|\+ string/.test(types) ? '; string(…) makes text of a number' : '';
  return `${types} (at ${place})${hint}`;
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
