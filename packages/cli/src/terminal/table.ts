import type { Output } from './terminal.ts';
import { pad, truncate, width } from './width.ts';

/** A column of a table. */
export interface ColumnSpec {
  title: string;
  /** The last one that gives way when the terminal is too narrow has what is left. */
  flexible?: boolean;
  /** Numbers, mostly. */
  right?: boolean;
}

const gap = '  ';

/**
 * Writes rows below each other. In a terminal no line is longer than it is wide: flexible columns are cut. In a pipe
 * nothing is cut.
 *
 * @param rows - cells, which may hold colours
 */
export function writeTable(
  columns: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  output: Output,
): void {
  beginTable(columns, output)(rows);
}

/**
 * The same with rows that come bit by bit: titles are written once, and a column gets wider only where it has to.
 *
 * @returns what writes rows
 */
export function beginTable(
  columns: readonly ColumnSpec[],
  output: Output,
): (rows: readonly (readonly string[])[]) => void {
  const { style } = output;
  let wanted = columns.map(({ title }) => width(title));
  let begun = false;
  return (rows) => {
    wanted = wanted.map((least, at) => Math.max(least, ...rows.map((row) => width(row[at] ?? ''))));
    const widths = [...wanted];
    if (output.isTTY) shrink(columns, widths, output.columns);
    const line = (cells: readonly string[]): string =>
      cells
        .map((cell, at) => {
          const shown = truncate(cell, widths[at]!);
          return columns[at]!.right
            ? ' '.repeat(Math.max(0, widths[at]! - width(shown))) + shown
            : pad(shown, widths[at]!);
        })
        .join(gap)
        .trimEnd();
    if (!begun) output.line(style.dim(line(columns.map(({ title }) => title))));
    begun = true;
    for (const row of rows) output.line(line(row));
  };
}

/** The narrowest that a column is cut to. */
const least = 8;

function shrink(columns: readonly ColumnSpec[], widths: number[], room: number): void {
  let over = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - room;
  for (let at = columns.length - 1; at >= 0 && over > 0; at--) {
    if (!columns[at]!.flexible) continue;
    const cut = Math.min(over, Math.max(0, widths[at]! - least));
    widths[at]! -= cut;
    over -= cut;
  }
}
