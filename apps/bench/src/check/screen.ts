import { stdout } from 'node:process';
import { styleText } from 'node:util';
import { formatNumber } from '../report/format.ts';
import { formatBytes, formatChange } from './change.ts';
import type { ArtifactResult, MetricResult } from './result.ts';

/** A figure as soon as it is decided. */
export function metricLine({ id, unit, compared, verdict, samples }: MetricResult): string {
  const each = compared.map(({ quantile, base, head, ratio }) => {
    const change = `${formatNumber(base, unit)} → ${formatNumber(head, unit)}`;
    return `p${quantile * 100} ${change.padEnd(22)} ${formatChange(ratio).padEnd(9)}`;
  });
  const rounds = styleText('dim', `  ${samples.base.length} rounds`, { stream: stdout });
  return `  ${mark(verdict)} ${id.padEnd(16)} ${each.join('  ')}${rounds}`;
}

export function artifactLine({ name, base, head, verdict }: ArtifactResult): string {
  const change = base === undefined ? 'new' : formatChange(head / base);
  return `  ${mark(verdict)} artifact.${name.padEnd(20)} ${formatBytes(head).padEnd(12)} ${change}`;
}

function mark(verdict: 'same' | 'worse' | 'new'): string {
  return verdict === 'worse'
    ? styleText('red', '✗', { stream: stdout })
    : styleText('green', '✓', { stream: stdout });
}
