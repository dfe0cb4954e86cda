import { type Command, exitCodes } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { bash } from '../completion/bash.ts';
import { fish } from '../completion/fish.ts';
import { zsh } from '../completion/zsh.ts';

const scripts: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** `vwmp completion SHELL`. */
export const command: Command = async ({ operands: [shell = ''], terminal: { out } }) => {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (!script) {
    const message = `There is no completion for "${shell}". There are bash, zsh and fish.`;
    throw new UsageError(message, 'completion');
  }
  out.write(script());
  return exitCodes.success;
};
