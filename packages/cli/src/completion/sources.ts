import { allSpecs } from '../cli/all-specs.ts';
import {
  type CommandGroup,
  type CommandSpec,
  type Completion,
  isGroup,
  type OptionSpec,
} from '../cli/command.ts';
import { globalOptions } from '../cli/specs.ts';

/** The first words of command lines. */
export const firstWords: readonly string[] = Object.keys(allSpecs);

/** Every command by its whole name: `run`, `db copy`. */
export const wholeNames: readonly (readonly [name: string, spec: CommandSpec])[] = Object.entries(
  allSpecs,
).flatMap(([name, entry]) =>
  isGroup(entry)
    ? Object.entries(entry.commands).map(([second, spec]) => [`${name} ${second}`, spec] as const)
    : [[name, entry] as const],
);

export const groups: readonly (readonly [name: string, group: CommandGroup])[] = Object.entries(
  allSpecs,
).flatMap(([name, entry]) => (isGroup(entry) ? [[name, entry] as const] : []));

/** All options of a command. */
export function optionsOf(spec: CommandSpec): [string, OptionSpec][] {
  return Object.entries({ ...spec.options, ...globalOptions });
}

/** The words of a completion, where they are known when the script is made. */
export function wordsOf(completion: Completion | undefined): readonly string[] | undefined {
  return completion === 'command' ? firstWords : typeof completion === 'object' ? completion : undefined;
}

const listers: Readonly<Record<string, string>> = {
  handler: 'handlers --paths',
  type: 'types --names',
  execution: 'executions list --ids --limit 100',
  stored: 'workflows list --ids',
  schedule: 'schedule list --ids',
  queue: 'queues list --ids',
};

/** The command that lists the words, where the current folder decides: its plugins, its database. */
export function listerOf(completion: Completion | undefined): string | undefined {
  return typeof completion === 'string' ? listers[completion] : undefined;
}
