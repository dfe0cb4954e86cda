import { documentId, parseDocument, validateWorkflow } from '@vwmp/core/language';
import { isUsageError, UsageError } from '../cli/usage-error.ts';
import { path } from '../node.ts';
import { openProject, type Project } from '../project/project.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { DistinctFiles } from './distinct-files.ts';
import { type FoundFiles, findWorkflowFiles } from './find-files.ts';
import { readText } from './read-text.ts';
import type { Finding, Findings } from './show-problems.ts';

/** What was found in one file, and the id of the workflow in it unless it is too broken to have one. */
export interface Examined extends Findings {
  id?: string;
}

/**
 * Checks files and the workflows of folders, each with the plugins that hold where it is.
 *
 * @param command - that does it, for messages
 * @param passed - whether a file of a folder is none of them
 * @throws UsageError when a file is not there, or there are none
 */
export async function examine(
  operands: readonly string[],
  terminal: Terminal,
  command: string,
  passed: (file: string) => boolean = () => false,
): Promise<Examined[]> {
  const { files, inFolders, unreadable } = await collect(operands, terminal, passed);
  if (files.length === 0 && unreadable.length === 0) {
    const names = operands.map((each) => `"${each}"`).join(', ');
    throw new UsageError(`There are no workflows in ${names}.`, command);
  }
  const projects = new Map<string, Promise<Project>>();
  /** File by id. */
  const ids = new Map<string, string>();
  const found: Examined[] = unreadable.map(({ folder, message }) => unread(folder, message));
  for (const file of files) {
    const name = file === '-' ? 'stdin' : file;
    let text: string;
    try {
      text = await readText(file, 'workflow', terminal.err);
    } catch (error) {
      if (!inFolders.has(file) || !isUsageError(error)) throw error;
      found.push(unread(name, error.message));
      continue;
    }
    const folder = file === '-' ? '.' : path.dirname(path.resolve(file));
    const project = projects.get(folder) ?? openProject(folder);
    projects.set(folder, project);
    const { engine, addDefaultPlugins } = await project;
    const source = parseDocument(text, { file });
    let validation = validateWorkflow(source, engine.plugins);
    if (validation.problems.some(({ code }) => code === 'UNKNOWN_HANDLER' || code === 'UNKNOWN_TYPE')) {
      await addDefaultPlugins();
      validation = validateWorkflow(source, engine.plugins);
    }
    const problems: Finding[] = [...validation.problems];
    const id = idOf(source.value);
    const other = id === undefined ? undefined : ids.get(id);
    if (other !== undefined) {
      const message = `The id "${id}" is that of "${other}", too: each workflow needs one of its own.`;
      problems.push({ code: 'DUPLICATE_ID', path: 'id', ...source.locate(['id']), message });
    } else if (id !== undefined) ids.set(id, name);
    found.push({ file: name, text, problems, notes: validation.notes, ...(id !== undefined && { id }) });
  }
  return found;
}

function unread(file: string, message: string): Examined {
  return { file, text: undefined, problems: [{ code: 'FILE_UNREADABLE', path: '', message }] };
}

/** What there is in the operands. */
interface Collected {
  files: readonly string[];
  inFolders: ReadonlySet<string>;
  unreadable: FoundFiles['unreadable'];
}

async function collect(
  operands: readonly string[],
  { err, symbols }: Terminal,
  passed: (file: string) => boolean,
): Promise<Collected> {
  const files = new DistinctFiles();
  const inFolders = new Set<string>();
  const unreadable: FoundFiles['unreadable'] = [];
  for (const operand of operands) {
    const inFolder = operand === '-' ? undefined : await findWorkflowFiles(operand);
    // A missing file is told by whoever reads it, together with what was meant.
    if (!inFolder) files.add(operand);
    unreadable.push(...(inFolder?.unreadable ?? []));
    for (const { file, reason } of inFolder?.skipped ?? []) {
      if (!passed(file)) err.line(err.style.dim(`${symbols.dot} ${safe(file)} skipped: ${reason}`));
    }
    for (const file of inFolder?.workflows ?? []) {
      if (passed(file)) continue;
      files.add(file);
      inFolders.add(file);
    }
  }
  return { files: files.all(), inFolders, unreadable };
}

function idOf(value: unknown): string | undefined {
  const { id, name } = (value ?? {}) as { id?: unknown; name?: unknown };
  if (typeof name !== 'string' || (id !== undefined && typeof id !== 'string')) return undefined;
  return documentId({ name, ...(id === undefined ? {} : { id }) });
}
