import type { PluginRegistry, WorkflowDocument } from '@vwmp/core';
import { ProblemsError } from '../cli/problems-error.ts';
import type { Output } from '../terminal/terminal.ts';
import { readText } from './read-text.ts';

/** A document that was read and has no problems. */
export interface ReadWorkflow {
  text: string;
  document: WorkflowDocument;
  id: string;
}

/**
 * Reads and checks a document for a platform with these plugins.
 *
 * @param file - `-` for stdin
 * @throws ProblemsError DOCUMENT_INVALID, UsageError
 */
export async function readWorkflow(
  file: string,
  plugins: PluginRegistry,
  err: Output,
): Promise<ReadWorkflow> {
  const text = await readText(file, 'workflow', err);
  const { documentId, parseDocument, validateWorkflow } = await import('@vwmp/core/language');
  const { document, problems } = validateWorkflow(parseDocument(text, { file }), plugins);
  if (document) return { text, document, id: documentId(document) };
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const message = `The workflow has ${count}: ${problems[0]?.message ?? ''}`;
  throw new ProblemsError('DOCUMENT_INVALID', message, problems, file === '-' ? 'stdin' : file, text);
}
