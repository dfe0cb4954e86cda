import { formatNumber } from '../report/format.ts';
import { formatBytes, formatChange } from './change.ts';
import { failuresOf, judgedOf } from './failures.ts';
import type { Kind } from './metrics.ts';
import type { ArtifactResult, CheckResult, MetricResult } from './result.ts';
import { limit } from './rules.ts';

/** By it the comment is found again, and replaced. */
export const marker = '<!-- vwmp bench check -->';

/** Figures that everybody looks at; the others are shown when they are worse, and in the details. */
const shown = [
  'start.import',
  'start.cli',
  'start.server',
  'rss.import',
  'rss.yaml',
  'rss.server',
  'cpu.execution',
  'cpu.durable',
  'cpu.request',
  'wasm.latency',
  'wasm.js',
  'wasm.ratio',
];

/** A package that changed by less is not listed. */
const noticed = 0.005;

/** The comment at a pull request: what it costs those who use VWMP. */
export function renderComment(result: CheckResult): string {
  const failures = failuresOf(result);
  const verdict =
    failures.length === 0
      ? '✅ As light as before'
      : `❌ ${failures.length === 1 ? 'One figure is' : `${failures.length} figures are`} worse`;
  const isShown = ({ id, verdict }: MetricResult): boolean => shown.includes(id) || verdict === 'worse';
  const parts = [
    `${marker}\n## ${verdict}`,
    failures.map(({ id, message }) => `- **${id}**: ${message}`).join('\n'),
    table([...metricRows(result.metrics.filter(isShown)), ...artifactRows(result.artifacts)]),
    unavailable(result),
    budgetLine(result),
    details(result, table(metricRows(result.metrics.filter((each) => !isShown(each))))),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const titles: [Kind, string][] = [
  ['cold start', 'Cold start, p95'],
  ['memory', 'Memory'],
  ['CPU per action', 'CPU per action'],
  ['compared', 'WebAssembly and JavaScript, a step that compares 100 vectors'],
];

function table(rows: readonly string[]): string {
  if (rows.length === 0) return '';
  return `| | base | this | change | |\n| --- | ---: | ---: | ---: | --- |\n${rows.join('')}`.trimEnd();
}

function metricRows(metrics: readonly MetricResult[]): string[] {
  return titles.flatMap(([kind, title]) => {
    const rows = metrics.filter((metric) => metric.kind === kind).map(metricRow);
    return rows.length === 0 ? [] : [row([`**${title}**`, '', '', '', '']), ...rows];
  });
}

function metricRow({ kind, what, unit, compared, verdict }: MetricResult): string {
  const found = compared.find(({ decision }) => decision === 'worse') ?? compared[0];
  if (!found) return '';
  const { base, head, ratio } = found;
  const name = found === compared[0] ? what : `${what}, fastest fifth`;
  const isNoise = kind !== 'compared' && verdict === 'same' && ratio > limit;
  const mark = verdict === 'worse' ? '❌' : isNoise ? 'noise' : '';
  return row([name, formatNumber(base, unit), formatNumber(head, unit), formatChange(ratio), mark]);
}

/** The packages that have changed, and all of them together. */
function artifactRows(artifacts: readonly ArtifactResult[]): string[] {
  if (artifacts.length === 0) return [];
  const changed = artifacts.filter(
    ({ base, head }) => base === undefined || Math.abs(head / base - 1) >= noticed,
  );
  const rows = changed.map(({ name, base, head, verdict }) =>
    row([
      `@vwmp/${name}`,
      base === undefined ? '' : formatBytes(base),
      formatBytes(head),
      base === undefined ? 'new' : formatChange(head / base),
      verdict === 'worse' ? '❌' : '',
    ]),
  );
  const [before, now] = artifacts.reduce(([b, h], { base = 0, head }) => [b + base, h + head], [0, 0]);
  const all = [
    `all ${artifacts.length} together`,
    formatBytes(before),
    formatBytes(now),
    formatChange(now / before),
  ];
  return [row(['**Packed packages**', '', '', '', '']), ...rows, row([...all, ''])];
}

function unavailable({ notCompared }: CheckResult): string {
  return notCompared
    .map(({ what, why }) => `- Not compared, the base cannot do it: ${what} (${why.slice(0, 200)})`)
    .join('\n');
}

function budgetLine({ budgets, excused }: CheckResult): string {
  const judged = judgedOf(budgets);
  const count = (verdict: string): number => judged.filter((each) => each.verdict === verdict).length;
  const known = judged.filter(({ verdict, figure }) => verdict === 'missed' && excused.includes(figure.id));
  const names = known.map(({ figure }) => `\`${figure.id}\``).join(', ');
  const why = known.length === 0 ? '' : ` Not by this change, or a time on a busy machine: ${names}.`;
  const line = `Budgets: ${count('met')} met, ${count('unclear')} unclear, ${count('missed')} missed.${why}`;
  return judged.length === 0 ? '' : line;
}

function details({ base, head, machine, load, seconds }: CheckResult, rest: string): string {
  const range = load.map((each) => each.toFixed(1)).join(' to ');
  return `<details><summary>${head} against ${base}, in turns on one machine, ${Math.round(seconds / 60)} min</summary>

${rest === '' ? '' : `${rest}\n\n`}▲ is more, ▼ less. Worse (❌) is what is more than 10 % above the base and differs by more than chance explains; *noise* is
what may as well be chance. Cold starts are judged by their fastest fifth too, CPU time by that alone, memory by its median.
Node ${machine.node}, ${machine.cores} cores, load ${range}. To repeat it: \`npm run bench -- check --base ${base}\`.

</details>`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}
