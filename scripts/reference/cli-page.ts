import { allSpecs } from '../../packages/cli/src/cli/all-specs.ts';
import { type CommandEntry, type CommandSpec, isGroup } from '../../packages/cli/src/cli/command.ts';
import { globalOptions } from '../../packages/cli/src/cli/specs.ts';
import { cell, table } from './markdown.ts';

const introduction = `# The command

Everything that can stand behind \`vwmp\`, with the options of each command; \`vwmp help COMMAND\` prints the same.
[Settings](../settings.md) has the variables that commands read, [the README](../../packages/cli/README.md) says how to work with it.`;

const exitCodes = `## Exit codes

| code | meaning |
| --- | --- |
| 0 | done; the execution succeeded, or was accepted |
| 1 | the execution failed, was partial or was cancelled; a server is away; a check found something; not all could be printed |
| 2 | the command line, the settings, the workflow or the parameters are wrong; what was named is not there |
| 130 | interrupted by Ctrl-C; \`run\` by SIGTERM, too |
| 141 | the reader of \`executions list\` or \`executions logs\` went away; all others go on to their end |
| 143 | ended by SIGTERM; \`serve\` and \`worker\` by a second one |`;

/** The text of docs/reference/cli.md. */
export function cliPage(): string {
  const names = Object.entries(allSpecs).flatMap(([name, entry]) => describe(name, entry));
  const global = table(
    ['of every command', ''],
    [...options(globalOptions), ['`--version`, `-v`', 'Show the version']],
  );
  return `${[introduction, global, exitCodes, ...names].join('\n\n')}\n`;
}

function describe(name: string, entry: CommandEntry): string[] {
  if (!isGroup(entry)) return [`## vwmp ${name}`, ...explain(name, entry)];
  const details = entry.details ? [prose(entry.details)] : [];
  const commands = Object.entries(entry.commands).flatMap(([each, spec]) => [
    `### vwmp ${name} ${each}`,
    ...explain(`${name} ${each}`, spec),
  ]);
  return [`## vwmp ${name}`, `${entry.summary}.`, ...details, ...commands];
}

function explain(
  name: string,
  { summary, operands, options: own, details, examples }: CommandSpec,
): string[] {
  const rows = options(own);
  return [
    `${summary}: \`${['vwmp', name, ...operands].join(' ')}\``,
    ...(rows.length > 0 ? [table(['option', ''], rows)] : []),
    ...(details ? [prose(details)] : []),
    table(
      ['example', ''],
      examples.map(([line, meaning]) => [`\`${cell(line)}\``, cell(meaning)]),
    ),
  ];
}

function options(given: CommandSpec['options']): string[][] {
  return Object.entries(given).map(([name, { short, value, multiple, description }]) => {
    const long = `\`--${name}${value === undefined ? '' : ` ${value}`}\``;
    const both = short === undefined ? long : `${long}, \`-${short}\``;
    return [cell(both), cell(`${description}${multiple ? '; may be given several times' : ''}`)];
  });
}

/** What is in angle brackets or between asterisks is meant as it stands. */
function prose(text: string): string {
  return text.replace(/[<*]/g, '\\$&').replaceAll('_…', '\\_…');
}
