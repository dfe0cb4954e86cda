import type { JsonValue, Parameter, Problem } from '@vwmp/core';
import { ProblemsError } from '../cli/problems-error.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readText } from '../documents/read-text.ts';
import type { Output } from '../terminal/terminal.ts';
import { lossIn, rounded } from './exact.ts';
import { readParamsFile } from './params-file.ts';

/** What a command line says about parameters. */
export interface GivenParameters {
  /** `NAME=VALUE`, in the order given. */
  pairs: readonly string[];
  /** A YAML or JSON file. */
  file?: string;
}

/**
 * The parameters of an execution: those of the file, and over them those of the command line, read by the declared
 * type of each. Whether they are allowed is for the engine to say.
 *
 * @param workflow - the name of its file, for messages
 * @param command - whose help explains it
 * @throws ProblemsError PARAMETERS_INVALID for what can't be read, UsageError for a missing file and what is given twice
 */
export async function bindParameters(
  declared: readonly Parameter[],
  { pairs, file }: GivenParameters,
  workflow: string,
  err: Output,
  command = 'run',
): Promise<Record<string, JsonValue>> {
  const values: Record<string, JsonValue> =
    file === undefined ? {} : { ...(await readParamsFile(file, err)) };
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const pair of pairs) {
    const { name, value } = split(pair, problems);
    if (name === undefined) continue;
    if (seen.has(name)) throw new UsageError(`--param gives "${name}" twice.`, command);
    seen.add(name);
    const parameter = declared.find((each) => each.name === name);
    const text = await valueText(value, parameter, err);
    const read = parameter ? convert(parameter, text) : { value: text };
    // An unknown one is kept: the engine reports it together with all others, and what was meant.
    if ('value' in read)
      Object.defineProperty(values, name, { value: read.value, enumerable: true, configurable: true });
    else problems.push({ code: 'PARAMETER_INVALID', path: `parameters.${name}`, message: read.problem });
  }
  if (problems.length > 0) {
    const { checkParameters } = await import('@vwmp/core/language');
    const told = new Set(problems.map((problem) => problem.path));
    // What the engine would say next, except that a value is missing which is there and can't be read.
    problems.push(...checkParameters(declared, values).problems.filter((problem) => !told.has(problem.path)));
    throw new ProblemsError(
      'PARAMETERS_INVALID',
      problems.map(({ message }) => message).join(' '),
      problems,
      workflow,
    );
  }
  return values;
}

function split(pair: string, problems: Problem[]): { name?: string; value: string } {
  const at = pair.indexOf('=');
  if (at > 0) return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  const message = `"${pair}" names no value: write --param NAME=VALUE.`;
  problems.push({ code: 'PARAMETER_INVALID', path: 'parameters', message });
  return { value: '' };
}

/** `@FILE` is what the file holds, `@@x` is the text `@x`. */
async function valueText(value: string, parameter: Parameter | undefined, err: Output): Promise<string> {
  if (value.startsWith('@@')) return value.slice(1);
  if (!value.startsWith('@')) return value;
  const text = await readText(value.slice(1), 'parameter', err);
  // Editors end a file with a line feed, which is no part of a token or a name.
  return parameter?.type === 'text' ? text : text.replace(/\r?\n$/, '');
}

type Converted = { value: JsonValue } | { problem: string };

function convert(parameter: Parameter, text: string): Converted {
  const { name, type } = parameter;
  switch (type) {
    case 'number':
    case 'integer': {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isFinite(number)) {
        const problem = rounded(text, number);
        return problem === undefined ? { value: number } : { problem: `The parameter "${name}": ${problem}` };
      }
      return {
        problem: `The parameter "${name}" has to be ${type === 'integer' ? 'an integer' : 'a number'}; "${text}" is none.`,
      };
    }
    case 'boolean':
      if (text === 'true' || text === 'false') return { value: text === 'true' };
      return { problem: `The parameter "${name}" has to be true or false; "${text}" is neither.` };
    case 'array':
    case 'object':
      return fromJson(parameter, text);
    case 'enum':
      return { value: optionNamed(parameter, text) };
    default:
      return { value: text };
  }
}

function fromJson({ name, type }: Parameter, text: string): Converted {
  try {
    const value = JSON.parse(text) as JsonValue;
    const problem = lossIn(text);
    return problem === undefined ? { value } : { problem: `The parameter "${name}": ${problem}` };
  } catch {
    const example = type === 'array' ? `'["a", "b"]'` : `'{"key": "value"}'`;
    return {
      problem: `The parameter "${name}" has to be JSON, like --param ${name}=${example}, or @FILE with JSON in it.`,
    };
  }
}

/** Options may be numbers or booleans, which a command line can't tell from text. */
function optionNamed({ options = [] }: Parameter, text: string): JsonValue {
  const values = options.map((option) =>
    typeof option === 'object' && option !== null && 'value' in option
      ? (option.value as JsonValue)
      : (option as JsonValue),
  );
  return values.find((value) => value === text) ?? values.find((value) => String(value) === text) ?? text;
}
