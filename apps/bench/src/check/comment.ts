import { formatNumber } from '../report/format.ts';
import { formatBytes, formatChange } from './change.ts';
import { failuresOf, judgedOf } from './failures.ts';
import type { Kind } from './metrics.ts';
import type { ArtifactResult, CheckResult, MetricResult } from './result.ts';
import { limit } from './rules.ts';

/** By it the comment is found again, and replaced. */
export const marker = '<!-- vwmp bench check -->';

/** The comment at a pull request: what it costs those who use VWMP. */
export function renderComment(result: CheckResult): string {
  const failures = failuresOf(result);
  const verdict =
    failures.length === 0
      ? '✅ as light as before'
      : `❌ ${failures.length === 1 ? 'one figure is' : `${failures.length} figures are`} worse`;
  const table = [
    '| | base | this | change | |\n| --- | ---: | ---: | ---: | --- |\n',
    section(result, 'cold start', 'Cold start, p95'),
    section(result, 'memory', 'Memory'),
    section(result, 'CPU per action', 'CPU per action'),
    artifactSection(result.artifacts),
    section(result, 'compared', 'WebAssembly beside JavaScript, a step that compares 100 vectors'),
  ].join('');
  const parts = [
    `${marker}\n## ${verdict}`,
    failures.map(({ id, message }) => `- **${id}**: ${message}`).join('\n'),
    table,
    unavailable(result),
    budgetLine(result),
    explain(result),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section({ metrics }: CheckResult, kind: Kind, title: string): string {
  const rows = metrics.filter((metric) => metric.kind === kind).map(metricRow);
  return rows.length === 0 ? '' : `| **${title}** | | | | |\n${rows.join('')}`;
}

function metricRow({ kind, what, unit, compared, verdict }: MetricResult): string {
  const [shown] = compared;
  if (!shown) return '';
  const { base, head, ratio } = shown;
  const isNoise = kind !== 'compared' && verdict === 'same' && ratio > limit;
  const mark = verdict === 'worse' ? '❌' : isNoise ? 'noise' : '';
  return row([what, formatNumber(base, unit), formatNumber(head, unit), formatChange(ratio), mark]);
}

/** Only packages that have changed: the others say nothing about the pull request. */
function artifactSection(artifacts: readonly ArtifactResult[]): string {
  const changed = artifacts.filter(({ base, head }) => base !== head);
  const rows = changed.map(({ name, base, head, verdict }) =>
    row([
      `@vwmp/${name}`,
      base === undefined ? '' : formatBytes(base),
      formatBytes(head),
      base === undefined ? 'new' : formatChange(head / base),
      verdict === 'worse' ? '❌' : '',
    ]),
  );
  const title = `**Artifacts, packed**${changed.length === 0 ? ': no size has changed' : ''}`;
  const sum = artifacts.reduce((all, { head }) => all + head, 0);
  const unchanged = artifacts.length - changed.length;
  const rest = changed.length === 0 ? `all ${unchanged}` : `${unchanged} others unchanged, together`;
  return `| ${title} | | | | |\n${rows.join('')}${row([rest, '', formatBytes(sum), '', ''])}`;
}

function unavailable({ notCompared }: CheckResult): string {
  return notCompared
    .map(({ what, why }) => `- Not compared, the base cannot do it: ${what} (${why.slice(0, 200)})`)
    .join('\n');
}

function budgetLine({ budgets }: CheckResult): string {
  const judged = judgedOf(budgets);
  const count = (verdict: string): number => judged.filter((each) => each.verdict === verdict).length;
  const line = `Budgets: ${count('met')} met, ${count('unclear')} unclear, ${count('missed')} missed.`;
  return judged.length === 0 ? '' : line;
}

function explain({ base, head, machine, load, seconds }: CheckResult): string {
  return `<details><summary>${head} against ${base}, measured in turns on one machine in ${Math.round(seconds / 60)} min</summary>

▲ is more, ▼ less. Worse (❌) is what is more than 10 % above the base and differs by more than chance explains; *noise* is
what may as well be chance. Cold starts are judged by their fastest fifth too, CPU time by that alone, memory by its median. Node ${machine.node}, ${machine.cores} cores, load ${load.map((each) => each.toFixed(1)).join(' to ')}.
Repeat it with \`npm run bench -- check --base ${base?.replace('+', '')}\`.
</details>`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}
