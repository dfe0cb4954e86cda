import type { JsonObject } from '@vwmp/core';
import { ProblemsError } from '../cli/problems-error.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readText } from '../documents/read-text.ts';
import type { Output } from '../terminal/terminal.ts';

/** Reads parameters from YAML or JSON. @throws ProblemsError PARAMETERS_INVALID with places, UsageError */
export async function readParamsFile(file: string, err: Output): Promise<JsonObject> {
  const text = await readText(file, 'parameter file', err);
  // Not the parser of core, which would read it as a workflow and normalise it.
  const { LineCounter, parseDocument } = await import('../documents/yaml.ts');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { code: 'SYNTAX' as const, path: '', line, column: col, message };
  });
  if (problems.length > 0) {
    const message = `The parameters in "${file}" can't be read: ${problems[0]!.message}`;
    throw new ProblemsError('PARAMETERS_INVALID', message, problems, file, text);
  }
  const value = toValue(document, file);
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`"${file}" has to hold a mapping from names of parameters to values.`, 'run');
}

function toValue(document: { toJS(options: { maxAliasCount: number }): unknown }, file: string): unknown {
  try {
    // Aliases of aliases grow without end.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`"${file}" can't be read: ${(error as Error).message}`, 'run');
  }
}
