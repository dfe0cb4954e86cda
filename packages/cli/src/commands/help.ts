import { allSpecs } from '../cli/all-specs.ts';
import { type Command, exitCodes, isGroup } from '../cli/command.ts';
import { explainCommand, explainGroup, overview } from '../cli/help.ts';
import { didYouMean } from '../cli/nearest.ts';
import { unknownSubcommand } from '../cli/platform-commands.ts';
import { UsageError } from '../cli/usage-error.ts';
import { safe } from '../terminal/safe.ts';

/** `vwmp help [COMMAND] [SUBCOMMAND]`. */
export const command: Command = async ({ operands: [first, second], terminal: { out } }) => {
  const { style } = out;
  if (first === undefined) {
    out.line(overview(style));
    return exitCodes.success;
  }
  const entry = Object.hasOwn(allSpecs, first) ? allSpecs[first] : undefined;
  if (!entry)
    throw new UsageError(`There is no command "${safe(first)}".${didYouMean(first, Object.keys(allSpecs))}`);
  if (!isGroup(entry)) {
    if (second !== undefined)
      throw new UsageError(`"vwmp ${first}" has no commands: what is "${safe(second)}"?`, first);
    out.line(explainCommand(first, entry, style));
  } else if (second === undefined) {
    out.line(explainGroup(first, entry, style));
  } else {
    const spec = Object.hasOwn(entry.commands, second) ? entry.commands[second] : undefined;
    if (!spec) throw unknownSubcommand(first, second, entry);
    out.line(explainCommand(`${first} ${second}`, spec, style));
  }
  return exitCodes.success;
};
