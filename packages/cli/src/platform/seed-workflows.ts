import { hasCode } from '@vwmp/core';
import { documentDefaults, documentId, parseDocument, validateWorkflow } from '@vwmp/core/language';
import type { Platform } from '@vwmp/core/platform';
import { UsageError } from '../cli/usage-error.ts';
import { findWorkflowFiles } from '../documents/find-files.ts';
import { fs } from '../node.ts';

/**
 * Stores the workflows of a folder; what another process has stored meanwhile stays.
 *
 * @param refused - told of files that are no workflow here, and why
 * @returns their ids
 * @throws UsageError when there is no such folder
 */
export async function seedWorkflows(
  { workflows, plugins }: Platform,
  folder: string,
  refused: (file: string, reason: string) => void,
): Promise<string[]> {
  const found = await findWorkflowFiles(folder);
  if (!found) throw new UsageError(`There is no folder "${folder}" to begin with.`, 'serve');
  for (const { folder: below, message } of found.unreadable) refused(below, message);
  const stored: string[] = [];
  for (const file of found.workflows) {
    const text = fs.readFileSync(file, 'utf8');
    const { document, problems } = validateWorkflow(parseDocument(text, { file }), plugins);
    if (!document) {
      refused(file, problems[0]?.message ?? '');
      continue;
    }
    const { type = documentDefaults.type, version = documentDefaults.version, name } = document;
    const id = documentId(document);
    try {
      await workflows.save({ id, name, type, version, text }, undefined);
      stored.push(id);
    } catch (error) {
      if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
    }
  }
  return stored;
}
