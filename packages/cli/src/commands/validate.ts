import { documentId, parseDocument, validateWorkflow } from '@vwmp/core/language';
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { isUsageError, UsageError } from '../cli/usage-error.ts';
import { findWorkflowFiles } from '../documents/find-files.ts';
import { readText } from '../documents/read-text.ts';
import { type Finding, type Findings, showProblems } from '../documents/show-problems.ts';
import { path } from '../node.ts';
import { openProject, type Project } from '../project/project.ts';
import { safe } from '../terminal/safe.ts';

/** `vwmp validate FILES…`: everything that is wrong with them, and nothing is run. */
export const command: Command = async (invocation) => {
  const { terminal } = invocation;
  const { out, err } = terminal;
  const files = new Set<string>();
  const inFolders = new Set<string>();
  for (const operand of invocation.operands) {
    const inFolder = operand === '-' ? undefined : await findWorkflowFiles(operand);
    // A missing file is told by whoever reads it, together with what was meant.
    if (!inFolder) files.add(operand);
    for (const { file, reason } of inFolder?.skipped ?? [])
      err.line(err.style.dim(`${terminal.symbols.dot} ${safe(file)} skipped: ${reason}`));
    for (const file of inFolder?.workflows ?? []) {
      files.add(file);
      inFolders.add(file);
    }
  }
  if (files.size === 0) {
    throw new UsageError(
      `There are no workflows in ${invocation.operands.map((each) => `"${each}"`).join(', ')}.`,
      'validate',
    );
  }
  const projects = new Map<string, Promise<Project>>();
  /** File by id. */
  const ids = new Map<string, string>();
  const found: Findings[] = [];
  for (const file of files) {
    const name = file === '-' ? 'stdin' : file;
    let text: string;
    try {
      text = await readText(file, 'workflow', err);
    } catch (error) {
      if (!inFolders.has(file) || !isUsageError(error)) throw error;
      const problem = { code: 'FILE_UNREADABLE', path: '', message: error.message };
      found.push({ file: name, text: undefined, problems: [problem] });
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
    found.push({ file: name, text, problems, notes: validation.notes });
  }
  const valid = found.every(({ problems }) => problems.length === 0);
  if (invocation.flag('json')) {
    const results = found.map(({ file, problems, notes }) => ({
      file,
      valid: problems.length === 0,
      problems,
      notes,
    }));
    out.line(JSON.stringify({ valid, files: results }, null, 2));
  } else {
    report(found, invocation);
  }
  return valid ? exitCodes.success : exitCodes.invalid;
};

/** @returns undefined for what is too broken to have one */
function idOf(value: unknown): string | undefined {
  const { id, name } = (value ?? {}) as { id?: unknown; name?: unknown };
  if (typeof name !== 'string' || (id !== undefined && typeof id !== 'string')) return undefined;
  return documentId({ name, ...(id === undefined ? {} : { id }) });
}

function report(found: readonly Findings[], { terminal: { out, symbols } }: Invocation): void {
  for (const findings of found) {
    showProblems(findings, out, symbols);
    if (findings.problems.length > 0 && out.isTTY) out.line();
    else if (findings.problems.length === 0) out.line(`${out.style.green(symbols.success)} ${findings.file}`);
  }
  const wrong = found.filter(({ problems }) => problems.length > 0);
  if (found.length === 1 || !out.isTTY) return;
  const problems = wrong.reduce((sum, each) => sum + each.problems.length, 0);
  const all = `${found.length} workflows`;
  if (wrong.length === 0) out.line(`\n${out.style.green(`${all} are valid`)}`);
  else out.line(out.style.red(`${problems} problems in ${wrong.length} of ${all}`));
}
