import { type Command, exitCodes } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { openSecrets } from '../../platform/secrets.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp secrets remove NAME`. */
export const command: Command = async ({ operands: [name = ''], flag, terminal }) => {
  const { secrets, path, note } = await openSecrets(terminal);
  if (!(await secrets.remove(name)))
    throw new UsageError(`There is no secret "${safe(name)}" in ${safe(path)}.`, 'secrets remove');
  const { out, symbols } = terminal;
  if (flag('json')) out.line(JSON.stringify({ name, path }, null, 2));
  else
    out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(name))} removed from ${safe(path)}`);
  await note('secret.removed', name);
  return exitCodes.success;
};
