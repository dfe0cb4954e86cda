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
  const { env } = process;
  return {
    out: createOutput(process.stdout, args, onClosed),
    err: createOutput(process.stderr, args, () => {}),
    symbols: env.TERM === 'linux' || env.TERM === 'dumb' ? asciiSymbols : unicodeSymbols,
  };
}

function createOutput(stream: NodeJS.WriteStream, args: readonly string[], onClosed: () => void): Output {
  const isTTY = stream.isTTY === true;
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (!closed) onClosed();
    closed = true;
  });
  return {
    isTTY,
    isLive: isTTY && process.env.TERM !== 'dumb',
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    style: createPalette(wantsColour(isTTY, process.env, args)),
    write: (text) => void (closed || stream.write(text)),
    line: (text = '') => void (closed || stream.write(`${text}\n`)),
    flush: () => new Promise((resolve) => void (closed ? resolve() : stream.write('', () => resolve()))),
  };
}
