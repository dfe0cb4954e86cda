import { stdout } from 'node:process';
import { styleText } from 'node:util';
import { cells, headings, type Judged, type ScenarioResult } from './result.ts';

type Style = Parameters<typeof styleText>[0];

const styles: Record<Judged['verdict'], Style> = {
  met: 'green',
  missed: 'red',
  unclear: 'yellow',
  none: 'reset',
};

/** The figures of one scenario for the terminal; `styleText` leaves colours out where there are none. */
export function renderScenario({ name, title, load, seconds, judged, failure }: ScenarioResult): string {
  const rows = judged.map(cells);
  const widths = headings.map((_, i) => Math.max(0, ...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row, r) => {
    const { verdict, figure } = judged[r]!;
    const padded = row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)));
    const last = styleText(styles[verdict], padded.pop()!, { stream: stdout });
    const note = figure.note ? `\n      ${dim(figure.note)}` : '';
    return `    ${padded.join('  ')}  ${last}${note}`;
  });
  if (failure)
    lines.push(
      `    ${styleText(failure.kind === 'failed' ? 'red' : 'yellow', failure.message, { stream: stdout })}`,
    );
  const circumstances = `${seconds.toFixed(0)} s, load ${load.map((value) => value.toFixed(1)).join(' to ')}`;
  return `  ${styleText('bold', name, { stream: stdout })}  ${title}  ${dim(circumstances)}\n${lines.join('\n')}\n`;
}

function dim(text: string): string {
  return styleText('dim', text, { stream: stdout });
}
