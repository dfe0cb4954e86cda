/** A word of a command, unquoted, and where it stands. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The commands of a script, as lists of words. Not a shell: what it can't read it splits at blanks. */
export function readCommands(script: string): Word[][] {
  const commands: Word[][] = [];
  let words: Word[] = [];
  let text = '';
  let start = -1;
  let quote = '';
  const endWord = (at: number): void => {
    if (start >= 0) words.push({ text, start, end: at });
    start = -1;
    text = '';
  };
  const endCommand = (at: number): void => {
    endWord(at);
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < script.length; at++) {
    const character = script[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
      else text += character;
    } else if (character === '\\') {
      if (script[at + 1] === '\n') endWord(at);
      else {
        if (start < 0) start = at;
        text += script[at + 1] ?? '';
      }
      at++;
    } else if (character === "'" || character === '"') {
      quote = character;
      if (start < 0) start = at;
    } else if (character === '#' && start < 0) {
      while (at + 1 < script.length && script[at + 1] !== '\n') at++;
    } else if ('\n;|&()'.includes(character)) endCommand(at);
    else if (character === ' ' || character === '\t') endWord(at);
    else {
      if (start < 0) start = at;
      text += character;
    }
  }
  endCommand(script.length);
  return commands;
}
