import type { WorkflowDocument, WorkflowRecord, WorkflowStore } from '@vwmp/core';
import { fs, path } from '../node.ts';

const extension = /\.(ya?ml|json)$/;

/**
 * Finds workflows by id among the files of one folder, for `core.workflow`. Read only, and nothing is read
 * before the first workflow is looked for. Not the file store of core, which looks into subfolders, too: `vwmp run ~/x.yaml` must not
 * read a whole home folder.
 */
export function createWorkflowFolder(folder: string): WorkflowStore {
  const get = async (id: string): Promise<WorkflowRecord | undefined> => {
    const { documentDefaults, documentId, parseDocument } = await import('@vwmp/core/language');
    for (const name of candidates(folder, id)) {
      const text = read(path.join(folder, name));
      const value = text === undefined ? undefined : parseDocument(text).value;
      if (text === undefined || !looksLikeWorkflow(value) || documentId(value) !== id) continue;
      const { type = documentDefaults.type, version = documentDefaults.version } = value;
      return { id, name: value.name, type, version, text, rev: '', updated_at: '' };
    }
    return undefined;
  };
  // The engine only ever gets from it.
  return { get } as WorkflowStore;
}

/** The files that may hold it; those whose name says so first. */
function candidates(folder: string, id: string): string[] {
  const names = fs.readdirSync(folder).filter((name) => extension.test(name));
  const base = (name: string): string => name.replace(extension, '');
  return names.sort((a, b) => Number(base(b) === id) - Number(base(a) === id));
}

function read(file: string): string | undefined {
  try {
    // Reading a pipe would wait for whoever writes into it.
    return fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : undefined;
  } catch {
    // A folder with such a name, a broken link, a file of someone else: not the one that is looked for.
    return undefined;
  }
}

function looksLikeWorkflow(value: unknown): value is WorkflowDocument {
  const { name, steps } = (value ?? {}) as { name?: unknown; steps?: unknown };
  return typeof name === 'string' && Array.isArray(steps);
}
