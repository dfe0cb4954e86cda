import { createPalette, type Palette, wantsColour } from './palette.ts';
import { asciiSymbols, type Symbols, unicodeSymbols } from './symbols.ts';

/** One of the two streams that a command writes to. */
export interface Output {
  readonly isTTY: boolean;
  /** False when lines can't be painted over: no terminal, or one that is too simple. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly style: Palette;
  write(text: string): void;
  /** Writes text and a line feed. */
  line(text?: string): void;
  /** Resolves when everything is written, or can't be any more. */
  flush(): Promise<void>;
}

/** Where a command writes: results to `out`, all else to `err`. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly symbols: Symbols;
}

/**
 * The terminal of this process. When the reader of stdout has gone away (`vwmp … | head`), what is written
 * later is dropped; `onClosed` is told once.
 */
export function createTerminal(args: readonly string[], onClosed: () => void): Terminal {
  const { TERM } = process.env;
  return {
    out: createOutput(1, args, onClosed),
    err: createOutput(2, args, () => {}),
    symbols: TERM === 'linux' || TERM === 'dumb' ? asciiSymbols : unicodeSymbols,
  };
}

/** Node makes a stream when it is first asked for, in 1 ms or more: what is not written to costs nothing. */
function createOutput(fd: 1 | 2, args: readonly string[], onClosed: () => void): Output {
  let stream: NodeJS.WriteStream | undefined;
  let style: Palette | undefined;
  let closed = false;
  const open = (): NodeJS.WriteStream => {
    if (stream) return stream;
    stream = fd === 1 ? process.stdout : process.stderr;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      if (!closed) onClosed();
      closed = true;
    });
    return stream;
  };
  const write = (text: string): void => {
    if (!closed) open().write(text);
  };
  return {
    get isTTY() {
      return open().isTTY === true;
    },
    get isLive() {
      return open().isTTY === true && process.env.TERM !== 'dumb';
    },
    get columns() {
      return open().columns || 80;
    },
    get rows() {
      return open().rows || 24;
    },
    get style() {
      style ??= createPalette(wantsColour(() => open().isTTY === true, process.env, args));
      return style;
    },
    write,
    line: (text = '') => write(`${text}\n`),
    flush: () =>
      new Promise((resolve) => {
        if (closed || !stream) resolve();
        else stream.write('', () => resolve());
      }),
  };
}
