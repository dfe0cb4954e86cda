import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { examine } from '../documents/examine.ts';
import { type Findings, showProblems } from '../documents/show-problems.ts';

/** `vwmp validate FILES…`: everything that is wrong with them, and nothing is run. */
export const command: Command = async (invocation) => {
  const { terminal } = invocation;
  const found = await examine(invocation.operands, terminal, 'validate');
  const valid = found.every(({ problems }) => problems.length === 0);
  if (invocation.flag('json')) {
    const results = found.map(({ file, problems, notes }) => ({
      file,
      valid: problems.length === 0,
      problems,
      notes,
    }));
    terminal.out.line(JSON.stringify({ valid, files: results }, null, 2));
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
