import type { Platform } from '@vwmp/core/platform';
import { renderBoard } from '../run/render-board.ts';
import { createRepaint } from '../terminal/repaint.ts';
import type { Output, Terminal } from '../terminal/terminal.ts';
import { type Picture, takePicture } from './picture.ts';

/** Ten frames a second, as `vwmp run` paints; and how often it looks where nothing tells of changes. In milliseconds. */
const frameTime = 100;
const lookTime = 1000;

/** Shows how an execution stands while somebody else works on it. */
export interface LivePicture {
  /** A line above, that stays. */
  line(text: string): void;
  /** Paints how it stands now and leaves that where it is. */
  end(): Promise<void>;
}

export function createLivePicture(
  platform: Platform,
  id: string,
  output: Output,
  { symbols }: Terminal,
): LivePicture {
  const repaint = createRepaint(output);
  let picture: Picture | undefined;
  let frame = 0;
  let looking: Promise<void> | undefined;
  let lookedAt = 0;
  let stale = true;

  const look = async (): Promise<void> => {
    const record = await platform.storage.executions.get(id);
    if (record) picture = await takePicture(platform, record);
  };
  const refresh = (): void => {
    if (looking || (!stale && Date.now() - lookedAt < lookTime)) return;
    stale = false;
    lookedAt = Date.now();
    // Whoever waits for its end is told when the storage is away.
    looking = look()
      .catch(() => {})
      .finally(() => {
        looking = undefined;
      });
  };
  const paint = (): void => {
    if (!picture) return;
    const spinner = symbols.spinner[frame % symbols.spinner.length] ?? '';
    repaint.show(renderBoard(picture.board, { output, symbols, spinner, now: Date.now() }));
  };
  const changed = (): void => {
    stale = true;
  };
  const timer = setInterval(() => {
    frame++;
    refresh();
    paint();
  }, frameTime);
  const forget = [platform.bus.subscribe(id, changed), platform.storage.onChange?.(changed)];

  return {
    line: (text) => repaint.above(text),
    async end() {
      clearInterval(timer);
      for (const each of forget) each?.();
      await looking;
      await look().catch(() => {});
      paint();
      repaint.done();
    },
  };
}
