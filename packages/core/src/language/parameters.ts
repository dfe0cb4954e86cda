import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { Parameter } from '../model/workflow.ts';
import { isUnsafeKey } from './keys.ts';
import { createSuggester, didYouMean } from './nearest.ts';
import { isRequired, schemaOfParameter } from './parameter-schema.ts';
import { findMismatches } from './schema-check.ts';

/** What {@link checkParameters} found. */
export interface CheckedParameters {
  /** What was given, with defaults filled in: a copy, frozen through and through. */
  values: JsonObject;
  /** Everything that is wrong with what was given. */
  problems: Problem[];
}

const depthLimit = 100;
/** A body of 1 MB can have 100,000 names, and each would be told with all the names that there are. */
const unknownLimit = 100;
const namesLimit = 20;

/**
 * Checks what an execution is given against the declarations of its workflow.
 *
 * @param given - own properties by name; undefined ones count as not given
 * @returns all problems at once, with paths like `parameters.env`; messages never show a secret
 */
export function checkParameters(
  parameters: readonly Parameter[] | undefined,
  given: unknown = {},
): CheckedParameters {
  const problems: Problem[] = [];
  const values: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  const suggester = createSuggester();
  const declared = new Map((parameters ?? []).map((parameter) => [parameter.name, parameter]));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push({
      code: 'PARAMETER_INVALID',
      path: 'parameters',
      message: 'Parameters are given as a mapping from names to values.',
    });
    return { values: Object.freeze({}), problems };
  }
  const unknown = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || declared.has(name) ? [] : [name],
  );
  for (const name of unknown.slice(0, unknownLimit)) {
    const free = [...declared.keys()].filter((known) => !Object.hasOwn(given, known));
    const suggestion = suggester.nearest(name, free);
    const names = [...declared.keys()].slice(0, namesLimit).map((each) => `"${each}"`);
    const more = declared.size > namesLimit ? ` and ${declared.size - namesLimit} more` : '';
    const known = declared.size === 0 ? ' It has none.' : ` It has ${names.join(', ')}${more}.`;
    const message = `The workflow has no parameter "${name}".${didYouMean(suggestion) || known}`;
    problems.push({
      code: 'PARAMETER_UNKNOWN',
      path: `parameters.${name}`,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  if (unknown.length > unknownLimit) {
    const message = `${unknown.length - unknownLimit} more names are no parameters of the workflow.`;
    problems.push({ code: 'PARAMETER_UNKNOWN', path: 'parameters', message });
  }
  for (const [name, parameter] of declared) {
    const value: unknown = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    if (value !== undefined) {
      const checked = checkValue(parameter, value, problems);
      if (checked !== undefined) values[name] = checked;
    } else if (parameter.default !== undefined) values[name] = freezeCopy(parameter.default, 0);
    else if (isRequired(parameter)) problems.push(missing(parameter));
  }
  // Copied into an ordinary object once the names are known to be safe: declared names are identifiers.
  return { values: Object.freeze({ ...values }), problems };
}

function checkValue(parameter: Parameter, value: unknown, problems: Problem[]): JsonValue | undefined {
  const path = `parameters.${parameter.name}`;
  let copy: JsonValue;
  try {
    copy = freezeCopy(value, 0);
  } catch (error) {
    const message = `The parameter "${parameter.name}" ${(error as Error).message}.`;
    problems.push({ code: 'PARAMETER_INVALID', path, message });
    return undefined;
  }
  const noun = `The parameter "${parameter.name}"`;
  const found = findMismatches(schemaOfParameter(parameter), copy, {
    noun,
    show: parameter.type !== 'secret',
  });
  for (const { path: inner, message, suggestion } of found) {
    const problem: Problem = { code: 'PARAMETER_INVALID', path: [path, ...inner].join('.'), message };
    if (suggestion !== undefined)
      Object.assign(problem, { suggestion, message: `${message}${didYouMean(suggestion)}` });
    problems.push(problem);
  }
  return found.length === 0 ? copy : undefined;
}

function missing(parameter: Parameter): Problem {
  const what = parameter.description ? ` ${parameter.description}` : '';
  const message = `The parameter "${parameter.name}" (${parameter.type}) has to be given.${what}`;
  return { code: 'PARAMETER_MISSING', path: `parameters.${parameter.name}`, message };
}

/** A frozen copy of plain JSON; throws with a reason for anything else. */
function freezeCopy(value: unknown, depth: number): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') throw new TypeError(`holds a ${typeof value} that has no JSON form`);
  if (depth > depthLimit)
    throw new TypeError(`is nested more than ${depthLimit} levels deep, or holds itself`);
  if (Array.isArray(value)) return Object.freeze(value.map((each) => freezeCopy(each ?? null, depth + 1)));
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError('holds an object that is not plain');
  const copy: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    if (isUnsafeKey(key)) throw new TypeError(`has the key "${key}", which is not allowed`);
    const each = (value as Record<string, unknown>)[key];
    if (each !== undefined) copy[key] = freezeCopy(each, depth + 1);
  }
  return Object.freeze(copy);
}
