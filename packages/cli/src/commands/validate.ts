import { parseDocument, validateWorkflow } from '@vwmp/core/language';
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { findWorkflowFiles } from '../documents/find-files.ts';
import { readText } from '../documents/read-text.ts';
import { type Findings, showProblems } from '../documents/show-problems.ts';
import { path } from '../node.ts';
import { openProject, type Project } from '../project/project.ts';

/** `vwmp validate FILES…`: everything that is wrong with them, and nothing is run. */
export const command: Command = async (invocation) => {
  const { out, err } = invocation.terminal;
  const files = invocation.operands.flatMap((operand) =>
    operand === '-' ? [operand] : findWorkflowFiles(operand),
  );
  if (files.length === 0) {
    throw new UsageError(
      `There are no workflows in ${invocation.operands.map((each) => `"${each}"`).join(', ')}.`,
      'validate',
    );
  }
  const projects = new Map<string, Promise<Project>>();
  const found: Findings[] = [];
  for (const file of new Set(files)) {
    const folder = file === '-' ? '.' : path.dirname(path.resolve(file));
    const project = projects.get(folder) ?? openProject(folder);
    projects.set(folder, project);
    const text = await readText(file, 'workflow', err);
    const { engine, addDefaultPlugins } = await project;
    let validation = validateWorkflow(parseDocument(text, { file }), engine.plugins);
    if (validation.problems.some(({ code }) => code === 'UNKNOWN_HANDLER' || code === 'UNKNOWN_TYPE')) {
      await addDefaultPlugins();
      validation = validateWorkflow(parseDocument(text, { file }), engine.plugins);
    }
    found.push({
      file: file === '-' ? 'stdin' : file,
      text,
      problems: validation.problems,
      notes: validation.notes,
    });
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
