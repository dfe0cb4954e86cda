import type { CommandSpec, Completion, OptionSpec } from '../cli/command.ts';
import { commandSpecs, globalOptions } from '../cli/specs.ts';

/** All options of a command. */
export function optionsOf(spec: CommandSpec): [string, OptionSpec][] {
  return Object.entries({ ...spec.options, ...globalOptions });
}

/** The words of a completion, where they are known when the script is made. */
export function wordsOf(completion: Completion | undefined): readonly string[] | undefined {
  return completion === 'command'
    ? Object.keys(commandSpecs)
    : typeof completion === 'object'
      ? completion
      : undefined;
}

/** The command that lists the words, where plugins of the current folder decide. */
export function listerOf(completion: Completion | undefined): string | undefined {
  return completion === 'handler' ? 'handlers --paths' : completion === 'type' ? 'types --names' : undefined;
}
