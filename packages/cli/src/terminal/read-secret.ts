import { UsageError } from '../cli/usage-error.ts';
import { decode } from '../documents/read-text.ts';
import { fs } from '../node.ts';
import { safe } from './safe.ts';
import type { Terminal } from './terminal.ts';

/**
 * Reads a secret: all of stdin but a line feed at its end, or, in a terminal, a line that is not shown.
 *
 * @throws UsageError when it is given up, or is no text in UTF-8
 */
export async function readSecret(name: string, { err }: Terminal): Promise<string> {
  const { isatty } = process.getBuiltinModule('node:tty');
  // Editors on Windows begin files with a mark, which is no part of a token.
  if (!isatty(0))
    return decode(fs.readFileSync(0), 'What comes from stdin')
      .replace(/^\uFEFF/, '')
      .replace(/\r?\n$/, '');
  const { stdin } = process;
  // Before anybody is asked: what is pasted at once would be shown else.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  err.write(`${safe(name)}: `);
  let typed = '';
  try {
    for await (const text of stdin as AsyncIterable<string>) {
      for (const key of text) {
        if (key === '\r' || key === '\n') return typed;
        // Ctrl-C, and Ctrl-D on an empty line.
        if (key === '\u0003' || (key === '\u0004' && typed === ''))
          throw new UsageError('Given up; nothing was changed.', 'secrets set');
        if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        // Ctrl-U takes back the line.
        else if (key === '\u0015') typed = '';
        else if (key >= ' ' || key === '\t') typed += key;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    err.line();
  }
}
