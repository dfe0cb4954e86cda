import { type Command, exitCodes } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { openSecrets } from '../../platform/secrets.ts';
import { safe } from '../../terminal/safe.ts';

/** `vwmp secrets set NAME`. */
export const command: Command = async ({ operands: [name = ''], flag, terminal }) => {
  const { secrets, path, note } = await openSecrets(terminal);
  // Before anything is typed: a name that cannot be, or a key that is missing, would have it typed in vain.
  const there = secrets.names().includes(name);
  const { readSecret } = await import('../../terminal/read-secret.ts');
  const value = await readSecret(name, terminal);
  if (value === '') throw new UsageError('The secret is empty; nothing was changed.', 'secrets set');
  await secrets.set(name, value);
  const { out, symbols } = terminal;
  if (flag('json')) out.line(JSON.stringify({ name, path, replaced: there }, null, 2));
  else {
    const what = there ? 'replaced' : 'set';
    out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(name))} ${what} in ${safe(path)}`);
  }
  await note('secret.set', name);
  return exitCodes.success;
};
