import { cells, headings, type RunResult, type ScenarioResult } from './result.ts';

/** The report that is kept with the repository. */
export function renderMarkdown(run: RunResult): string {
  const { machine, area, title, at, quick } = run;
  const memory = Math.round(machine.memory / 1024 ** 3);
  const loads = run.scenarios.flatMap(({ load }) => load);
  const range = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return `# Measurements: ${area}

${capitalised(title)}. Made by \`npm run bench -- ${area}${quick ? ' --quick' : ''} --write\` on ${at.slice(0, 10)}.

Node ${machine.node}, ${machine.platform}, ${machine.cores} cores (${machine.cpu}), ${memory} GiB. Load of the machine: ${range}. Every figure is
the median of several samples, with the least and the greatest in brackets, taken in turns with the yardstick beside it.
A verdict is *missed* when the budget lies outside of the likely range, *unclear* when only the median is beyond it.

![Share of each budget that is used](${area}.svg)
${run.scenarios.map(renderScenario).join('')}`;
}

function renderScenario({ name, title, judged, failure, load }: ScenarioResult): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  const table =
    judged.length === 0
      ? ''
      : line(headings) + line(headings.map(() => '---')) + judged.map((each) => line(cells(each))).join('');
  const notes = judged
    .flatMap(({ figure }) => (figure.note ? [`- ${figure.what}: ${figure.note}\n`] : []))
    .join('');
  const problem = failure ? `${capitalised(failure.kind)}: ${failure.message}\n` : '';
  const parts = [table, notes, problem].filter((part) => part !== '').join('\n');
  return `\n## ${name}: ${title}\n\nLoad ${load.map((value) => value.toFixed(1)).join(' to ')}.\n\n${parts}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
