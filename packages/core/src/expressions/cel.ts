import { type TypeError as CelTypeError, EvaluationError, Optional } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import type { JsonValue } from '../model/json.ts';
import { Analysis } from './analysis.ts';
import {
  type CompiledExpression,
  type ExpressionProblem,
  explainFailure,
  explainTypes,
  type Fail,
  limited,
  showPlace,
} from './compiled.ts';
import { cel, functionNames } from './environment.ts';
import type { Node } from './hooks.ts';
import { nearest } from './nearest.ts';
import { type Parsed, parse } from './parse.ts';
import { toResult } from './result.ts';

export { loadRegex } from './regex.ts';

/**
 * Compiles with the CEL library, which takes 100 KB, 15 ms and 1.5 MB of memory: for what plain.ts does not know. Problems are
 * returned; offsets are those of the text.
 *
 * @param original - the expression as the user wrote it, for errors
 * @param fail - makes them
 */
export function compileCel(text: string, original: string, fail: Fail): CompiledExpression {
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
  const { names, steps, secrets, dynamicSteps } = analysis;
  const evaluate = limited(
    {
      run: (scope) => toResult((parsed as Parsed)(scope), toJsonForm),
      explain: (error) => explain(error, text),
      release: () => analysis.release(),
    },
    original,
    fail,
  );
  return { problems, names, steps, secrets, dynamicSteps, type, evaluate };
}

/** Timestamps become ISO 8601, durations "90s", bytes base64, an optional its value or null. */
function toJsonForm(value: object): JsonValue | undefined {
  if (value instanceof Optional) return toResult(value.orValue(null), toJsonForm);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return value.toString();
  if (value instanceof Uint8Array) return cel.evaluate('value.base64()', { value: value });
  return undefined;
}

function typeProblem(error: unknown): ExpressionProblem {
  // cel-js trips over its own types now and then, and throws something else.
  const {
    code,
    summary = 'the type of a value cannot be told',
    range,
    node,
  } = error as Partial<CelTypeError>;
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
  // What begins with the name of a function stays as it is.
  const message = `${summary.replace(/^[a-z](?!\w*\()/, (letter) => letter.toUpperCase())}.`;
  return { code: 'EXPRESSION_TYPE', message, offset };
}

/** Says why, by what stands in the expression; what cel-js says may hold values. */
function explain(error: unknown, text: string): string {
  const common = explainFailure(error);
  if (common !== undefined) return common;
  if (!(error instanceof EvaluationError)) return `a function failed (${(error as Error).name})`;
  const { code, node, summary } = error;
  const place = showPlace(text, node?.start, node?.end);
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
    default:
      return explainTypes(summary.replace(/dyn<([\w.]+)(?:<[^>]*>)?>/g, '$1'), place);
  }
}
