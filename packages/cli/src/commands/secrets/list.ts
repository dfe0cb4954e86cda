import { type Command, exitCodes } from '../../cli/command.ts';
import { openSecrets } from '../../platform/secrets.ts';

/** `vwmp secrets list`. */
export const command: Command = async ({ flag, terminal }) => {
  const { secrets, path } = await openSecrets(terminal);
  const names = secrets.names();
  if (flag('json')) terminal.out.line(JSON.stringify(names, null, 2));
  else for (const name of names) terminal.out.line(name);
  if (names.length === 0 && !flag('json')) terminal.err.line(`There are no secrets in ${path}.`);
  return exitCodes.success;
};
