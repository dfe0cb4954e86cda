import type { JsonObject, Problem } from '@vwmp/core';
import { ProblemsError } from '../cli/problems-error.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readText } from '../documents/read-text.ts';
import type { Output } from '../terminal/terminal.ts';
import { rounded } from './exact.ts';

/** Reads parameters from YAML or JSON. @throws ProblemsError PARAMETERS_INVALID with places, UsageError */
export async function readParamsFile(file: string, err: Output): Promise<JsonObject> {
  const text = await readText(file, 'parameter file', err);
  // Not the parser of core, which would read it as a workflow and normalise it.
  const { LineCounter, parseDocument, visit } = await import('../documents/yaml.ts');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = [];
  const note = (code: Problem['code'], message: string, at: number): void => {
    const { line, col } = lines.linePos(at);
    problems.push({ code, path: '', line, column: col, message });
  };
  for (const { message, pos } of document.errors) note('SYNTAX', message, pos[0]);
  visit(document, {
    Scalar(_key, { value, source, range }) {
      const message = typeof value === 'number' && source !== undefined && rounded(source, value);
      if (message) note('PARAMETER_INVALID', message, range?.[0] ?? 0);
    },
  });
  if (problems.length > 0) {
    const message = `The parameters in "${file}" can't be read: ${problems[0]!.message}`;
    throw new ProblemsError('PARAMETERS_INVALID', message, problems, file, text);
  }
  const value = toValue(document, file);
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`"${file}" has to hold a mapping from names of parameters to values.`);
}

function toValue(document: { toJS(options: { maxAliasCount: number }): unknown }, file: string): unknown {
  try {
    // Aliases of aliases grow without end.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`"${file}" can't be read: ${(error as Error).message}`);
  }
}
