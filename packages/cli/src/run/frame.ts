import type { Symbols } from '../terminal/symbols.ts';
import type { Output } from '../terminal/terminal.ts';

/** What a frame is painted with. */
export interface FrameOptions {
  output: Pick<Output, 'style' | 'columns' | 'rows'>;
  symbols: Symbols;
  spinner: string;
  /** In milliseconds since the epoch. */
  now: number;
}
