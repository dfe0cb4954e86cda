import { element, text } from './element.ts';

export interface Bar {
  label: string;
  value: number;
  /** The value as it is shown. */
  shown: string;
  /** Class of its colour. */
  colour: string;
}

export interface BarChart {
  title: string;
  x: number;
  y: number;
  width: number;
  /** Room for labels; they are to be short enough. */
  labels: number;
  labelClass?: string;
  bars: readonly Bar[];
}

const headingHeight = 24;
const rowHeight = 27;
const thickness = 13;
/** Room for the value behind the longest bar. */
const values = 66;

/** How high a chart is, in pixels. */
export function chartHeight(rows: number): number {
  return headingHeight + rows * rowHeight;
}

/** Horizontal bars with labels before and values behind them: names stay readable, and no axis is needed. */
export function barChart({ title, x, y, width, labels, labelClass = 'ink', bars }: BarChart): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = width - labels - values;
  const rows = bars.map(({ label, value, shown, colour }, index) => {
    const top = y + headingHeight + index * rowHeight;
    const middle = top + rowHeight / 2;
    const bar = { x: x + labels, y: middle - thickness / 2, height: thickness, rx: 3 };
    // Something that is there is always seen.
    const length = value === 0 ? 0 : Math.max(3, (value / most) * room);
    return [
      text(x, middle + 4.5, labelClass, label),
      element('rect', { ...bar, width: room, class: 'rail' }),
      element('rect', { ...bar, width: length, class: colour }),
      text(x + labels + room + 10, middle + 4.5, 'quiet', shown),
    ].join('');
  });
  return text(x, y + 6, 'ink heading', title) + rows.join('');
}
