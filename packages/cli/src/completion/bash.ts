import type { Completion } from '../cli/command.ts';
import { firstWords, groups, listerOf, optionsOf, wholeNames, wordsOf } from './sources.ts';

/** A script for bash 3.2 (macOS) and newer, without the package bash-completion. */
export function bash(): string {
  const values = wholeNames.flatMap(([name, spec]) =>
    optionsOf(spec)
      .filter(([, { value }]) => value !== undefined)
      .map(([option, { short, complete }]) => {
        const patterns = [`--${option}`, ...(short ? [`-${short}`] : [])].map((each) => `"${name}:${each}"`);
        return `    ${patterns.join('|')}) ${complete === undefined ? ':' : generate(complete)}; return ;;`;
      }),
  );
  const options = wholeNames.map(
    ([name, spec]) =>
      `      "${name}") words="${optionsOf(spec)
        .map(([option]) => `--${option}`)
        .join(' ')}" ;;`,
  );
  const operands = wholeNames.map(([name, { complete }]) => `    "${name}") ${generate(complete)} ;;`);
  const second = groups.map(
    ([name, { commands }]) => `      ${name}) _vwmp_words "${Object.keys(commands).join(' ')} --help" ;;`,
  );
  return `# Completion of vwmp for bash. In ~/.bashrc: source <(vwmp completion bash)
_vwmp_words() { COMPREPLY+=($(compgen -W "$1" -- "$cur")); }
_vwmp_files() {
  local entry
  while IFS= read -r entry; do
    if [[ $entry == .* && $cur != .* ]]; then continue
    elif [[ -d $entry ]]; then COMPREPLY+=("$entry/")
    elif [[ $1 == any || ( $1 == workflow && $entry =~ \\.(ya?ml|json)$ ) ]]; then COMPREPLY+=("$entry")
    fi
  done < <(compgen -f -- "$cur")
  compopt -o filenames -o nospace 2>/dev/null
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} != */ ]]; then compopt +o nospace 2>/dev/null; fi
}
_vwmp() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words
  COMPREPLY=()
  # bash makes words of their own of "=" and what follows it.
  if [[ $cur == "=" ]]; then cur=""
  elif [[ $previous == "=" ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    _vwmp_words "${firstWords.join(' ')} --help --version --no-color"
    return
  fi
  case "$command" in ${groups.map(([name]) => name).join('|')})
    if [[ $COMP_CWORD -eq 2 ]]; then
      case "$command" in
${second.join('\n')}
      esac
      return
    fi
    command="$command \${COMP_WORDS[2]}" ;;
  esac
  case "$command:$previous" in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
    _vwmp_words "$words"
    return
  fi
  case "$command" in
${operands.join('\n')}
  esac
}
complete -F _vwmp vwmp
`;
}

function generate(completion: Completion | undefined): string {
  const words = wordsOf(completion);
  if (words) return `_vwmp_words "${words.join(' ')}"`;
  const lister = listerOf(completion);
  if (lister) return `_vwmp_words "$("\${COMP_WORDS[0]}" ${lister} 2>/dev/null)"`;
  return completion === undefined ? ':' : `_vwmp_files ${completion === 'file' ? 'any' : completion}`;
}
