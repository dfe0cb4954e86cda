/** What stands before a prompt: an environment, whoever is where, a folder. */
const before = String.raw`(?:\([^()\s]+\) ?)?`;
const who = String.raw`(?:\[[^\[\]@\n]*@[^\[\]@\n]*\]|[\w.-]+@[\w.-]+(?:[: ][~/.\w-]*)?) ?`;

/** The prompts of shells, the surest first: the others count where those before them are not in the text. */
const prompts: readonly RegExp[] = [
  new RegExp(String.raw`^[ \t]*${before}(?:${who})?[$\u276F] `),
  new RegExp(String.raw`^[ \t]*${before}${who}[#%] `),
  /^[ \t]*% /,
];

/** The end of the prompt that a line begins with. @returns undefined for one without */
type PromptEnd = (line: string) => number | undefined;

function promptOf(lines: readonly string[]): PromptEnd | undefined {
  const sure = prompts.slice(0, 2);
  const used = lines.some((line) => sure.some((each) => each.test(line))) ? sure : prompts.slice(2);
  if (!lines.some((line) => used.some((each) => each.test(line)))) return undefined;
  return (line) => used.map((each) => each.exec(line)?.[0].length).find((length) => length !== undefined);
}

/** The prompts of a text, line by line. Whoever takes one away or adds one makes something else of the text. */
export function promptsOf(text: string): string {
  const lines = text.split('\n');
  const end = promptOf(lines);
  return end === undefined ? '' : lines.map((line) => line.slice(0, end(line) ?? 0)).join('\n');
}

/**
 * Blanks in place of all that is neither typed after a prompt nor goes on with what was, so that places stay.
 *
 * @returns undefined for a text without prompts
 */
export function typedIn(text: string): string | undefined {
  const lines = text.split('\n');
  const end = promptOf(lines);
  if (end === undefined) return undefined;
  const typed = lines.map((line) => ' '.repeat(line.length));
  for (let at = 0; at < lines.length; at++) {
    const start = end(lines[at]!);
    if (start === undefined) continue;
    typed[at] = ' '.repeat(start) + lines[at]!.slice(start);
    let next = at + 1;
    while (next < lines.length && end(lines[next]!) === undefined) next++;
    for (const more of rest(typed[at]!, lines.slice(at + 1, Math.min(next, at + 1 + maxLines))))
      typed[++at] = more;
  }
  return typed.join('\n');
}

/** No command goes on over more lines. */
const maxLines = 100;

/** The lines that a command goes on over: until it is whole, else those that say so themselves. */
function rest(command: string, lines: readonly string[]): string[] {
  const shown = lines.map((line) => line.replace(/^([ \t]*)>(?= |$)/, '$1 '));
  for (const given of [shown, lines]) {
    const isOpen = reader();
    if (!isOpen(command)) return [];
    const last = given.findIndex((line) => !isOpen(line));
    if (last !== -1) return given.slice(0, last + 1);
  }
  let count = 0;
  while (count < lines.length && (shown[count] !== lines[count] || /\\$/.test(lines[count - 1] ?? command)))
    count++;
  return shown.slice(0, count);
}

/**
 * Reads a command line by line, each once.
 *
 * @returns tells with each line whether the command surely goes on: in quotes, in a document of its own, behind an operator, or in a block
 */
function reader(): (line: string) => boolean {
  let quote = '';
  let depth = 0;
  let goesOn = false;
  const documents: string[] = [];
  const isOpen = (): boolean => quote !== '' || documents.length > 0 || goesOn || depth > 0;
  return (line) => {
    if (documents.length > 0) {
      if (line.trim() === documents[0]) documents.shift();
      return isOpen();
    }
    let bare = '';
    for (let at = 0; at < line.length; at++) {
      const character = line[at]!;
      if (character === '\\' && quote !== "'") at++;
      else if (quote !== '') quote = character === quote ? '' : quote;
      else if (character === "'" || character === '"' || character === '`')
        [quote, bare] = [character, `${bare}_`];
      else if (character === '#' && !/\S/.test(bare.at(-1) ?? '')) break;
      else bare += character;
    }
    goesOn = /\\$/.test(line) || /(?:\||&&)\s*$/.test(bare);
    for (const [, mark] of line.matchAll(/(?<!<)<<-?\s*["']?([A-Za-z_]\w*)["']?/g)) documents.push(mark!);
    for (const [word] of bare.matchAll(/(?<![\w-])(?:if|for|while|until|case|fi|done|esac)(?![\w-])|[({})]/g))
      depth += /^(?:fi|done|esac|[)}])$/.test(word) ? -1 : 1;
    return isOpen();
  };
}

/**
 * Tells whether a text begins, but for comments, with a prompt of something that is no shell of Unix: PowerShell, the one of Windows,
 * Python, a database. In a script, a line further down may well look like one.
 */
export function isForeign(text: string): boolean {
  const first = text.split('\n').find((line) => /^[ \t]*[^\s#]/.test(line)) ?? '';
  return /^[ \t]*(?:(?:PS )?[A-Z]:\\[^>]*>|PS> |>>> |In \[\d+\]: |[\w.-]+(?:\(\w+\))?(?:=[#>*]|>) )/.test(
    first,
  );
}
