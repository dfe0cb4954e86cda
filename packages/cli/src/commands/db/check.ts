import { type Command, exitCodes } from '../../cli/command.ts';
import { withDatabase } from '../../db/open-maintenance.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp db check`. */
export const command: Command = async ({ flag, terminal }) =>
  withDatabase(terminal, {}, async ({ maintenance, name }) => {
    const { out, symbols } = terminal;
    const problems = await maintenance.check();
    const code = problems.length === 0 ? exitCodes.success : exitCodes.failed;
    if (flag('json')) {
      out.line(JSON.stringify({ database: name, ok: problems.length === 0, problems }, null, 2));
      return code;
    }
    for (const problem of problems) out.line(`${out.style.red(symbols.failed)} ${safe(problem)}`);
    if (problems.length === 0) out.line(`${out.style.green(symbols.success)} ${name} is well`);
    else
      out.line(
        `  ${out.style.cyan(`${symbols.arrow} Take a backup before anything else: vwmp db backup PATH. Then restore the last good one.`)}`,
      );
    return code;
  });
