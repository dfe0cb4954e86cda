import { VwmpError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { toJson } from '../values/to-json.ts';
import { type CompiledExpression, type ExpressionProblem, expressionError } from './compiled.ts';
import { hasTemplate } from './detect.ts';
import { compileText } from './expression.ts';
import { appendText } from './result.ts';
import { type Part, scan } from './scan.ts';
import type { References, Scope } from './scope.ts';
import { Failure } from './work.ts';

/** A value whose `${…}` can be filled in. */
export interface Template {
  readonly references: References;
  /**
   * Fills everything in; the result is frozen. Without a `${…}` it is the same object every time.
   *
   * @throws EXPRESSION_ERROR, never retryable
   */
  evaluate(scope: Scope): JsonValue;
}

/** A `when`, `until` or `foreach`. */
export interface Expression extends Template {
  /** The text as it was given. */
  readonly text: string;
  /**
   * Evaluates a condition.
   *
   * @throws EXPRESSION_ERROR also when the value is neither true nor false
   */
  test(scope: Scope): boolean;
}

type Fill = (scope: Scope) => JsonValue;

/**
 * Compiles a JSON value with `${…}` anywhere in its strings; keys are never templates.
 *
 * A string that is exactly one `${…}` keeps the type of the value. Otherwise strings are put into
 * the text as they are, all else as compact JSON, null as `null`. `$${` writes a literal `${`; a
 * dollar sign before a value is `${"$"}${…}`.
 *
 * @throws EXPRESSION_SYNTAX, EXPRESSION_TYPE with all problems in `details`
 * @example
 * ```ts
 * compileTemplate({ url: '${config.base}/rows' }).evaluate({ config: { base: 'https://a.test' } });
 * ```
 */
export function compileTemplate(value: JsonValue): Template {
  const found: CompiledExpression[] = [];
  const fill = compileValue(value, found);
  return { references: gather(found), evaluate: fill };
}

/**
 * Compiles one expression, wrapped in `${…}` or bare.
 *
 * @throws EXPRESSION_SYNTAX, EXPRESSION_TYPE with all problems in `details`
 */
export function compileExpression(text: string): Expression {
  const { source } = unwrap(text);
  const compiled = compileText(source);
  refuse(compiled.problems);
  const test = (scope: Scope): boolean => {
    const value = compiled.evaluate(scope);
    if (typeof value === 'boolean') return value;
    throw expressionError(source, `it must give true or false, not ${nameType(value)}`);
  };
  return { text, references: gather([compiled]), evaluate: compiled.evaluate, test };
}

/** The CEL inside of `${…}`, or the text itself when it is bare, with its offset. */
export function unwrap(text: string): { readonly source: string; readonly offset: number } {
  const start = text.length - text.trimStart().length;
  const scanned = scan(text.trim());
  if (!('parts' in scanned) || scanned.parts.length !== 1) return { source: text, offset: 0 };
  const [part] = scanned.parts as [Part];
  return 'expression' in part
    ? { source: part.expression, offset: start + part.offset }
    : { source: text, offset: 0 };
}

function refuse(problems: readonly ExpressionProblem[]): void {
  const [first] = problems;
  if (first) throw new VwmpError(first.code, first.message, { retryable: false, details: problems });
}

function compileValue(value: JsonValue, found: CompiledExpression[]): Fill {
  if (!hasTemplate(value)) {
    const constant = toJson(value);
    return () => constant;
  }
  if (typeof value === 'string') return compileString(value, found);
  if (Array.isArray(value)) {
    const items = value.map((item) => compileValue(item, found));
    return (scope) => Object.freeze(items.map((item) => item(scope)));
  }
  const entries = Object.entries(value as JsonObject).map(([key, item]) => {
    if (key === '__proto__')
      throw new VwmpError('UNSAFE_KEY', 'A mapping has the key "__proto__".', { retryable: false });
    return [key, compileValue(item, found)] as const;
  });
  return (scope) => {
    const result: Record<string, JsonValue> = {};
    for (const [key, item] of entries) result[key] = item(scope);
    return Object.freeze(result);
  };
}

function compileString(text: string, found: CompiledExpression[]): Fill {
  const scanned = scan(text);
  if ('unclosed' in scanned) {
    refuse([{ code: 'EXPRESSION_SYNTAX', message: 'This "${" is never closed.', offset: scanned.unclosed }]);
    return () => text;
  }
  const parts = scanned.parts.map((part) => {
    if (!('expression' in part)) return part.text;
    const compiled = compileText(part.expression);
    refuse(compiled.problems.map((problem) => ({ ...problem, offset: problem.offset + part.offset })));
    found.push(compiled);
    return compiled.evaluate;
  });
  const [only] = parts;
  if (parts.length === 1) return typeof only === 'function' ? only : () => only as string;
  return (scope) => interpolate(text, parts, scope);
}

function interpolate(text: string, parts: readonly (string | Fill)[], scope: Scope): string {
  let result = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : part(scope);
    try {
      result = appendText(result, value);
    } catch (error) {
      if (error instanceof Failure) throw expressionError(text, error.message, 'text');
      throw error;
    }
  }
  return result;
}

function nameType(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

function gather(found: readonly CompiledExpression[]): References {
  const unique = (key: 'names' | 'steps' | 'secrets') => [
    ...new Set(found.flatMap((each) => each[key].map(({ name }) => name))),
  ];
  return {
    names: unique('names'),
    steps: unique('steps'),
    dynamicSteps: found.some(({ dynamicSteps }) => dynamicSteps),
    secrets: unique('secrets'),
  };
}
