import { type Command, exitCodes } from '../../cli/command.ts';
import { withDatabase } from '../../db/open-maintenance.ts';

/** `vwmp db migrate`. */
export const command: Command = async ({ flag, terminal }) =>
  withDatabase(terminal, { create: true }, async ({ maintenance, name }) => {
    const { out, symbols } = terminal;
    const applied = await maintenance.migrate();
    if (flag('json')) {
      out.line(JSON.stringify({ database: name, applied }, null, 2));
      return exitCodes.success;
    }
    for (const id of applied) out.line(`${out.style.green(symbols.success)} ${id}`);
    const said = applied.length === 0 ? 'Nothing was pending' : `${applied.length} carried out`;
    out.line(`${said}: ${name} has the schema of this version.`);
    return exitCodes.success;
  });
