import { allSpecs } from '../cli/all-specs.ts';
import type { CommandSpec, Completion, OptionSpec } from '../cli/command.ts';
import { isGroup } from '../cli/command.ts';
import { listerOf, optionsOf, wordsOf } from './sources.ts';

/** A script for zsh, to be sourced after compinit or put into a folder of $fpath as `_vwmp`. */
export function zsh(): string {
  const commands = describe(allSpecs, '    ');
  const cases = Object.entries(allSpecs).map(([name, entry]) => {
    if (!isGroup(entry)) return `    ${name}) ${argumentsOf(entry)} ;;`;
    const nested = Object.entries(entry.commands).map(
      ([second, spec]) => `        ${second}) ${argumentsOf(spec)} ;;`,
    );
    return `    ${name})
      commands=(
${describe(entry.commands, '        ').join('\n')}
      )
      if (( CURRENT == 2 )); then
        _describe command commands
        return
      fi
      command=$words[2]
      shift words
      (( CURRENT-- ))
      case $command in
${nested.join('\n')}
      esac ;;`;
  });
  return `#compdef vwmp
# Completion of vwmp for zsh. In ~/.zshrc, after compinit: source <(vwmp completion zsh)
_vwmp_list() { local -a words; words=(\${(f)"$(vwmp $@ 2>/dev/null)"}); compadd -a words }
_vwmp() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _vwmp ]]; then _vwmp "$@"; else compdef _vwmp vwmp; fi
`;
}

function describe(entries: Readonly<Record<string, { summary: string }>>, indent: string): string[] {
  return Object.entries(entries).map(([name, { summary }]) => `${indent}${quote(`${name}:${summary}`)}`);
}

function argumentsOf(spec: CommandSpec): string {
  const options = optionsOf(spec).map(([option, each]) => optionSpec(option, each));
  const operand = spec.operands[0]?.replace(/[[\]…]/g, '') ?? '';
  const many = spec.operands.some((each) => each.endsWith('…')) ? '*' : '1';
  const operands = operand === '' ? [] : [quote(`${many}:${operand}:${generate(spec.complete)}`)];
  return `_arguments -s ${[...options, ...operands].join(' \\\n      ')}`;
}

function optionSpec(option: string, { value, multiple, short, description, complete }: OptionSpec): string {
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  const action = value === undefined ? '' : `:${value.replace(/[:=]/g, ' ')}:${generate(complete)}`;
  const names = short ? [`-${short}`, `--${option}`] : [`--${option}`];
  return names
    .map((name) => quote(`${multiple ? '*' : `(${names.join(' ')})`}${name}[${text}]${action}`))
    .join(' ');
}

function generate(completion: Completion | undefined): string {
  const words = wordsOf(completion);
  if (words) return `(${words.join(' ')})`;
  const lister = listerOf(completion);
  // The space keeps zsh from adding options of its own.
  if (lister) return ` _vwmp_list ${lister}`;
  if (completion === 'workflow') return '_files -g "*.(yaml|yml|json)"';
  return completion === undefined ? ' ' : completion === 'folder' ? '_files -/' : '_files';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
