import { count } from '../terminal/bytes.ts';
import { ongoing } from '../terminal/elapsed.ts';
import { createRepaint, type Repaint } from '../terminal/repaint.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** How far something is. */
export interface Step {
  /** Such as `copying events`. */
  what: string;
  done: number;
  /** Missing when it is not known. */
  total?: number;
}

/** Shows how far something is: a bar in a terminal, elsewhere a line now and then. On stderr. */
export interface Progress {
  show(step: Step): void;
  /** Something that stays, in a line of its own. */
  line(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

const barWidth = 24;
/** Between two frames, and between two lines where there is no terminal; in milliseconds. */
const frameTime = 100;
const lineTime = 10_000;

export function createProgress({ err, symbols }: Terminal): Progress {
  const started = Date.now();
  let repaint: Repaint | undefined;
  let shownAt = err.isLive ? 0 : started;
  return {
    show(step) {
      const now = Date.now();
      if (now - shownAt < (err.isLive ? frameTime : lineTime)) return;
      shownAt = now;
      if (!err.isLive) return err.line(plainOf(step));
      repaint ??= createRepaint(err);
      repaint.show([barOf(step, now - started)]);
    },
    line(text) {
      if (!repaint) return err.line(text);
      repaint.above(text);
      shownAt = 0;
    },
    end() {
      repaint?.clear();
      repaint = undefined;
    },
  };

  function barOf({ what, done, total }: Step, time: number): string {
    const { style } = err;
    if (total === undefined) return `${what}  ${count(done)}  ${style.dim(ongoing(time))}`;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * barWidth);
    const bar = `${style.cyan(symbols.bar[0].repeat(full))}${style.dim(symbols.bar[1].repeat(barWidth - full))}`;
    const left = share > 0.02 && share < 1 ? `, ${ongoing((time / share) * (1 - share))} left` : '';
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    return `${bar} ${percent}  ${what}  ${count(done)}/${count(total)}  ${style.dim(`${ongoing(time)}${left}`)}`;
  }
}

function plainOf({ what, done, total }: Step): string {
  return total === undefined ? `${what} ${done}` : `${what} ${done}/${total}`;
}
