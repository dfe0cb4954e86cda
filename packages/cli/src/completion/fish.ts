import type { Completion, OptionSpec } from '../cli/command.ts';
import { commandSpecs } from '../cli/specs.ts';
import { listerOf, optionsOf, wordsOf } from './sources.ts';

/** A script for fish. */
export function fish(): string {
  const lines = [
    '# Completion of vwmp for fish: vwmp completion fish > ~/.config/fish/completions/vwmp.fish',
    'complete -c vwmp -f',
  ];
  for (const [name, spec] of Object.entries(commandSpecs)) {
    lines.push(`complete -c vwmp -n __fish_use_subcommand -a ${name} -d ${quote(spec.summary)}`);
    const seen = `complete -c vwmp -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
    for (const [option, each] of optionsOf(spec)) lines.push(`${seen} ${optionFlags(option, each)}`);
    if (spec.complete !== undefined) lines.push(`${seen} ${generate(spec.complete)}`);
  }
  lines.push(`complete -c vwmp -n __fish_use_subcommand -s v -l version -d ${quote('Show the version')}`);
  return `${lines.join('\n')}\n`;
}

function optionFlags(option: string, { short, value, description, complete }: OptionSpec): string {
  const takes = value === undefined ? '' : ` -r ${generate(complete)}`;
  return `${short ? `-s ${short} ` : ''}-l ${option} -d ${quote(description)}${takes}`.trimEnd();
}

function generate(completion: Completion | undefined): string {
  const words = wordsOf(completion);
  if (words) return `-a ${quote(words.join(' '))}`;
  const lister = listerOf(completion);
  if (lister) return `-a ${quote(`(vwmp ${lister} 2>/dev/null)`)}`;
  if (completion === 'workflow') return `-k -a ${quote('(__fish_complete_suffix .yaml .yml .json)')}`;
  if (completion === 'folder') return `-a ${quote('(__fish_complete_directories)')}`;
  return completion === undefined ? '' : '-F';
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", `\\'`)}'`;
}
