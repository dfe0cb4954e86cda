import { allSpecs } from '../cli/all-specs.ts';
import type { CommandSpec, Completion, OptionSpec } from '../cli/command.ts';
import { isGroup } from '../cli/command.ts';
import { listerOf, optionsOf, wordsOf } from './sources.ts';

/** A script for fish. */
export function fish(): string {
  const lines = [
    '# Completion of vwmp for fish: vwmp completion fish > ~/.config/fish/completions/vwmp.fish',
    'complete -c vwmp -f',
  ];
  for (const [name, entry] of Object.entries(allSpecs)) {
    lines.push(`complete -c vwmp -n __fish_use_subcommand -a ${name} -d ${quote(entry.summary)}`);
    const seen = `__fish_seen_subcommand_from ${name}`;
    if (!isGroup(entry)) {
      lines.push(...commandLines(seen, entry));
      continue;
    }
    const names = Object.keys(entry.commands).join(' ');
    for (const [second, spec] of Object.entries(entry.commands)) {
      const none = quote(`${seen}; and not __fish_seen_subcommand_from ${names}`);
      lines.push(`complete -c vwmp -n ${none} -a ${second} -d ${quote(spec.summary)}`);
      lines.push(...commandLines(`${seen}; and __fish_seen_subcommand_from ${second}`, spec));
    }
  }
  lines.push(`complete -c vwmp -n __fish_use_subcommand -s v -l version -d ${quote('Show the version')}`);
  return `${lines.join('\n')}\n`;
}

function commandLines(condition: string, spec: CommandSpec): string[] {
  const seen = `complete -c vwmp -n ${quote(condition)}`;
  const lines = optionsOf(spec).map(([option, each]) => `${seen} ${optionFlags(option, each)}`);
  return spec.complete === undefined ? lines : [...lines, `${seen} ${generate(spec.complete)}`];
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
