import type { JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { CompiledExpression, ExpressionProblem } from './compiled.ts';
import { compileText, notBoolean } from './expression.ts';
import { nearest } from './nearest.ts';
import { scan } from './scan.ts';
import { unwrap } from './template.ts';

/** A problem in a string of the document. */
export interface TemplateProblem extends Problem {
  /** Where in the string, in characters from 0: the language layer makes line and column of it. */
  offset: number;
}

/** A step or a parameter that an expression reads by name. */
export interface NamedUse {
  readonly id: string;
  /** Of the string that reads it. */
  readonly path: string;
  readonly offset: number;
}

/** What static analysis found: problems, and what the language layer needs for UNKNOWN_STEP, NOT_UPSTREAM and PARAMETER_UNKNOWN. */
export interface TemplateCheck {
  readonly problems: TemplateProblem[];
  readonly steps: NamedUse[];
  readonly parameters: NamedUse[];
}

/**
 * Checks every `${…}` in a JSON value and reports all problems at once: EXPRESSION_SYNTAX,
 * EXPRESSION_TYPE and UNKNOWN_NAME.
 *
 * @param path - of the value in the document; keys and list positions are added with dots
 * @param names - the root names that are in scope there
 */
export function checkTemplate(value: JsonValue, path: string, names: Iterable<string>): TemplateCheck {
  const check: TemplateCheck = { problems: [], steps: [], parameters: [] };
  checkValue(value, path, new Set(names), check);
  return check;
}

/**
 * The same for one expression, wrapped in `${…}` or bare.
 *
 * @param kind - `condition` when only true or false will do (`when`, `until`)
 */
export function checkExpression(
  text: string,
  path: string,
  names: Iterable<string>,
  kind: 'condition' | 'value' = 'value',
): TemplateCheck {
  const check: TemplateCheck = { problems: [], steps: [], parameters: [] };
  const { source, offset } = unwrap(text);
  const compiled = compileText(source);
  report(compiled, path, offset, new Set(names), check);
  const problem = kind === 'condition' ? notBoolean(compiled) : undefined;
  if (problem) add(problem, path, offset, check);
  return check;
}

function checkValue(value: JsonValue, path: string, names: ReadonlySet<string>, check: TemplateCheck): void {
  if (typeof value === 'string') checkString(value, path, names, check);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value))
      checkValue(child, path === '' ? key : `${path}.${key}`, names, check);
  }
}

function checkString(text: string, path: string, names: ReadonlySet<string>, check: TemplateCheck): void {
  if (!text.includes('${')) return;
  const scanned = scan(text);
  if ('unclosed' in scanned) {
    add(
      { code: 'EXPRESSION_SYNTAX', message: 'This "${" is never closed.', offset: scanned.unclosed },
      path,
      0,
      check,
    );
    return;
  }
  for (const part of scanned.parts) {
    if ('expression' in part) report(compileText(part.expression), path, part.offset, names, check);
  }
}

function report(
  compiled: CompiledExpression,
  path: string,
  offset: number,
  names: ReadonlySet<string>,
  check: TemplateCheck,
): void {
  for (const problem of compiled.problems) add(problem, path, offset, check);
  for (const use of compiled.names) {
    if (names.has(use.name)) {
      if (typeof use.key === 'string')
        check.parameters.push({ id: use.key, path, offset: offset + use.offset });
      continue;
    }
    const suggestion = nearest(use.name, names);
    const hint = suggestion ? `Did you mean "${suggestion}"?` : `In scope: ${[...names].join(', ')}.`;
    // Most likely a variable of a script.
    const literal = /^[A-Z][A-Z0-9_]*$/.test(use.name) ? ' To write a literal "${", write "$${".' : '';
    const message = `The name "${use.name}" is not in scope here. ${hint}${literal}`;
    add({ code: 'UNKNOWN_NAME', message, offset: use.offset, suggestion }, path, offset, check);
  }
  for (const use of compiled.steps) check.steps.push({ id: use.name, path, offset: offset + use.offset });
}

function add(problem: ExpressionProblem, path: string, offset: number, check: TemplateCheck): void {
  const { code, message, suggestion } = problem;
  check.problems.push({
    code,
    path,
    message,
    offset: offset + problem.offset,
    ...(suggestion && { suggestion }),
  });
}
