import { fs } from '../node.ts';
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
  /** True when something could not be written, on a full disk say. */
  readonly isCut: boolean;
}

/** Where a command writes: results to `out`, all else to `err`. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly symbols: Symbols;
}

/**
 * The terminal of this process. When the reader of stdout has gone away (`vwmp … | head`), what is written
 * later is dropped; `onClosed` is told once. What a full disk does not take is dropped, too, and said: a log must not end what
 * it is written of, and what was done must not look as if it had not been.
 */
export function createTerminal(args: readonly string[], onClosed: () => void): Terminal {
  const { TERM } = process.env;
  const symbols = TERM === 'linux' || TERM === 'dumb' ? asciiSymbols : unicodeSymbols;
  const err = createOutput(
    2,
    args,
    () => {},
    () => {},
  );
  const tellCut = ({ message }: Error): void => {
    const text = `Not all that was to be printed can be written: ${message}. What was done is done.`;
    err.line(`${err.style.red(`${symbols.failed} vwmp:`)} ${text}`);
  };
  return { out: createOutput(1, args, onClosed, tellCut), err, symbols };
}

/**
 * What is no terminal is written to without the stream of Node, for which it loads its network and takes 5 ms. Either is
 * looked for when it is first asked for: what is not written to costs nothing.
 */
function createOutput(
  fd: 1 | 2,
  args: readonly string[],
  onClosed: () => void,
  onCut: (error: Error) => void,
): Output {
  let stream: NodeJS.WriteStream | undefined;
  let style: Palette | undefined;
  let closed = false;
  let cut = false;
  let direct: boolean | undefined;
  const isDirect = (): boolean => {
    direct ??= isFileOrPipe(fd);
    return direct;
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') {
      // A stream is destroyed by its first error, and nobody has gone away then.
      if (!closed && !cut) onClosed();
      closed = true;
      return;
    }
    if (error.errno === undefined) throw error;
    if (!cut) onCut(error);
    cut = true;
  };
  const open = (): NodeJS.WriteStream => {
    stream ??= (fd === 1 ? process.stdout : process.stderr).on('error', fail);
    return stream;
  };
  /** A part of a line was written, and then there was no room. */
  let torn = false;
  const writeDirect = (text: string): void => {
    let rest = Buffer.from(torn ? `\n${text}` : text);
    const { length } = rest;
    try {
      while (rest.length > 0) rest = rest.subarray(fs.writeSync(fd, rest));
      torn = false;
    } catch (error) {
      torn ||= rest.length < length;
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return fail(error as NodeJS.ErrnoException);
      // Full, and shared with somebody who does not wait: only a stream can wait for the reader.
      direct = false;
      open().write(rest);
    }
  };
  const write = (text: string): void => {
    if (closed) return;
    if (isDirect()) writeDirect(text);
    else open().write(text);
  };
  const isTTY = (): boolean => !isDirect() && open().isTTY === true;
  return {
    get isTTY() {
      return isTTY();
    },
    get isLive() {
      return isTTY() && process.env.TERM !== 'dumb';
    },
    get columns() {
      return (isTTY() && open().columns) || 80;
    },
    get rows() {
      return (isTTY() && open().rows) || 24;
    },
    get style() {
      style ??= createPalette(wantsColour(isTTY, process.env, args));
      return style;
    },
    get isCut() {
      return cut;
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

/** On Windows pipes are left to the stream, which writes to them asynchronously. */
function isFileOrPipe(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd);
    return stat.isFile() || (process.platform !== 'win32' && (stat.isFIFO() || stat.isSocket()));
  } catch {
    return false;
  }
}
