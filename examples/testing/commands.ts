import MarkdownIt from 'markdown-it';

/** A block of commands in a README. */
export interface Commands {
  script: string;
  /** What ```` ```sh exit=1 ```` says; 0 without it. */
  exit: number;
}

/** The blocks of commands in a Markdown text. */
export function readCommands(text: string): Commands[] {
  return new MarkdownIt()
    .parse(text, {})
    .filter(({ type, info }) => type === 'fence' && info.split(' ', 1)[0] === 'sh')
    .map(({ info, content }) => {
      const [, exit = '0'] = info.split('exit=');
      return { script: content, exit: Number(exit) };
    });
}
