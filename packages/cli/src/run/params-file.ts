import type { JsonObject } from '@vwmp/core';
import { ProblemsError } from '../cli/problems-error.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readText } from '../documents/read-text.ts';
import type { Output } from '../terminal/terminal.ts';

/** Reads parameters from YAML or JSON. @throws ProblemsError PARAMETERS_INVALID with places, UsageError */
export async function readParamsFile(file: string, err: Output): Promise<JsonObject> {
  const text = await readText(file, 'parameter file', err);
  if (text.trim() === '') return {};
  // The parser of workflows, with its limits. Its value would be normalised as a workflow; the YAML is as it was written.
  const { parseDocument } = await import('@vwmp/core/language');
  const { yaml, problems } = parseDocument(text, { file });
  if (problems.length > 0) {
    throw new ProblemsError(
      'PARAMETERS_INVALID',
      `The parameters in "${file}" can't be read.`,
      problems,
      file,
      text,
    );
  }
  const value: unknown = yaml?.toJS();
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (value === null || value === undefined) return {};
  throw new UsageError(`"${file}" has to hold a mapping from names of parameters to values.`, 'run');
}
