import type { MetricSpec } from '../metrics/registry.ts';
import { metricSpecs } from '../metrics/specs.ts';

const introduction = `# Metrics

\`GET /metrics\` answers in the text format of Prometheus, from a process that serves the API and, with \`VWMP_PROBE_PORT\`, from a
worker. Where the API needs a key, so does this: \`authorization: {credentials: vwmp_…}\` in the scrape config, with the role \`viewer\`.
\`VWMP_METRICS=false\` takes it away.

Labels come from short lists: patterns of routes and names of queues, never ids, paths or other texts from outside; a metric has at most 1000
series, a histogram 200, and what comes beyond is counted under \`other\`. Until somebody scrapes, numbers are added up and nothing is measured.
Executions and steps are counted by the process that works on them, so that sums over all processes are right; queues and
\`timers_due\` are the same seen from each.

What WebAssembly modules cost is told by \`@vwmp/plugin-wasm\` at the channel \`vwmp:metrics\` of \`node:diagnostics_channel\`. Rules, alerts and
dashboards are in [deploy/observability](../deploy/observability).

| metric | type | labels | meaning |
| --- | --- | --- | --- |
`;

/** The text of docs/metrics.md. */
export function metricsPage(): string {
  const rows = Object.entries<MetricSpec>(metricSpecs).map(([name, { type, labels, help }]) => {
    const shown = labels.map((label) => `\`${label}\``).join(', ') || '–';
    return `| \`${name}\` | ${type} | ${shown} | ${help} |\n`;
  });
  return introduction + rows.join('');
}
