import type { Output } from './terminal.ts';
import { truncate } from './width.ts';

/** Lines at the bottom of the terminal that are painted over again and again. */
export interface Repaint {
  show(lines: readonly string[]): void;
  /** Writes text above, where it stays. Buffered until the next `show`, so that many lines cost one write. */
  above(text: string): void;
  /** Takes the lines away and writes what was buffered. */
  clear(): void;
  /** Leaves the lines as they are and gives the cursor back. */
  done(): void;
}

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const clearBelow = '\u001B[J';

/**
 * Not log-update, which takes 33 KB and 35 ms to load for widths and wrapping: lines are cut and so never wrap, and the
 * whole of a frame is one write, so nothing flickers.
 */
export function createRepaint(output: Output): Repaint {
  let height = 0;
  let waiting = '';
  let hidden = false;
  const restore = (): void => {
    if (hidden) output.write(showCursor);
    hidden = false;
  };
  // However the process ends, the cursor comes back.
  process.once('exit', restore);

  const back = (): string => (height > 0 ? `\r\u001B[${height}A${clearBelow}` : '');
  return {
    show(lines) {
      const shown = lines.slice(-(output.rows - 1)).map((line) => `${truncate(line, output.columns - 1)}\n`);
      output.write(`${hidden ? '' : hideCursor}${back()}${waiting}${shown.join('')}`);
      hidden = true;
      waiting = '';
      height = shown.length;
    },
    above(text) {
      waiting += `${text}\n`;
    },
    clear() {
      output.write(back() + waiting);
      waiting = '';
      height = 0;
      restore();
    },
    done() {
      if (waiting !== '') output.write(waiting);
      waiting = '';
      restore();
      process.off('exit', restore);
    },
  };
}
