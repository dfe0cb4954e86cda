import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PrometheusServer, startPrometheus } from '@vwmp/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dashboards } from '../src/dashboards.ts';
import { deployFolder, repository, yamlOf } from '../src/files.ts';
import { call, type Deployment, startDeployment } from './vwmp.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
interface Rules {
  groups: { rules: Rule[] }[];
}
interface Sample {
  metric: Record<string, string>;
  value: [time: number, value: string];
}

const rulesOf = (name: string): Rule[] =>
  yamlOf<Rules>(`observability/rules/${name}.yml`).groups.flatMap(({ rules }) => rules);
const recorded = rulesOf('recording');
const alerts = rulesOf('alerts');
/** What Grafana puts in. */
const fill = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'vwmp').replaceAll('$instance', '.+');

let deployment: Deployment;
let prometheus: PrometheusServer;
let folder: string;

const promtool = (...args: string[]): string => {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  if (error) throw new Error('promtool is missing: apt-get install prometheus', { cause: error });
  expect({ args, status, output: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  return stdout;
};

async function ask(query: string): Promise<Sample[]> {
  const response = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { status, data, error } = (await response.json()) as {
    status: string;
    error?: string;
    data?: { result: Sample[] };
  };
  expect({ query, status, error }).toMatchObject({ status: 'success' });
  return data!.result;
}

/** Resolves when a query gives a value that is as large. */
async function until(query: string, least: number): Promise<void> {
  for (;;) {
    const [sample] = await ask(query);
    if (sample && Number(sample.value[1]) >= least) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether there is something of each. */
async function scraped(...metrics: string[]): Promise<boolean> {
  const series = await Promise.all(metrics.map(ask));
  return series.every(({ length }) => length > 0);
}

/** Executions of every kind that panels show. */
async function load(rounds: number): Promise<void> {
  const one = { id: 'a', handler: 'core.set', config: { value: 1 } };
  const bad = { id: 'a', handler: 'core.fail', config: { message: 'No.' } };
  const workflows = [
    { id: 'good', name: 'Good', steps: [one] },
    { id: 'bad', name: 'Bad', steps: [bad] },
    { id: 'again', name: 'Again', steps: [{ ...bad, retry: { attempts: 2, delay: '1ms' } }] },
    { id: 'queued', name: 'Queued', steps: [{ ...one, queue: 'mails' }] },
    { id: 'vectors', name: 'Vectors', steps: vectors },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const workflow of workflows) await call(deployment, 'POST', '/executions/?wait=1m', { workflow });
    await call(deployment, 'GET', '/executions/');
    await call(deployment, 'GET', '/workflows/');
  }
}

/** In WebAssembly and in JavaScript. */
const vectors = ['nearest', 'nearest_js'].map((name) => ({
  ...{ id: name, handler: `vectors.${name}`, config: { count: 8, dimensions: 4 } },
}));

beforeAll(async () => {
  deployment = await startDeployment('wasm');
  folder = join(deployment.folder, 'observability');
  cpSync(join(deployFolder, 'observability'), folder, { recursive: true });
  writeFileSync(join(folder, 'vwmp-key'), deployment.key);
  promtool('check', 'config', 'prometheus.yml');
  // The same, but for addresses and how often.
  const config = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')) as {
    global: object;
    scrape_configs: [{ static_configs: object[]; dns_sd_configs?: object[]; relabel_configs: object[] }];
  };
  const [scrape] = config.scrape_configs;
  delete scrape.dns_sd_configs;
  scrape.static_configs = [
    { targets: [deployment.server], labels: { component: 'api' } },
    { targets: [deployment.worker], labels: { component: 'worker' } },
  ];
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  promtool('check', 'config', 'prometheus.yml');
  prometheus = await startPrometheus(join(folder, 'prometheus.yml'));
  // Rates need two scrapes of each series, one before and one after something has happened.
  do await load(1);
  while (!(await scraped('executions_total', 'http_requests_total', 'wasm_cache_hits_total')));
  await until('count(up == 1)', 2);
  await load(2);
  const [before] = await ask('min(count_over_time(up[1h]))');
  // One that may have begun before the end of the load, one after it, and rules of rules.
  await until('min(count_over_time(up[1h]))', Number(before!.value[1]) + 3);
}, 240_000);
afterAll(async () => {
  await prometheus?.stop();
  await deployment?.stop();
});

test('rules are right, and say what is on fire', () => {
  promtool('check', 'rules', 'rules/recording.yml', 'rules/alerts.yml');
  for (const { alert, labels, annotations } of alerts) {
    expect(['critical', 'warning']).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\.$/);
    expect(annotations?.runbook_url).toBe(
      `https://github.com/vwmp/vwmp/blob/main/docs/operate.md#${alert!.toLowerCase()}`,
    );
  }
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

test('every alert has its section in docs/operate.md, and no other has one', () => {
  const page = readFileSync(join(repository, 'docs/operate.md'), 'utf8');
  const sections = [...page.matchAll(/^### (Vwmp\w+)$/gm)].map(([, name]) => name);
  expect(sections.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test('Prometheus has nothing to say against the metrics but for the units that operators asked for', async () => {
  for (const address of [deployment.server, deployment.worker]) {
    const headers = { authorization: `Bearer ${deployment.key}` };
    const input = await (await fetch(`http://${address}/metrics`, { headers })).text();
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    const wanted = /^(op_cpu_us|op_latency_ms|startup_ms) metric names should not contain abbreviated units$/;
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !wanted.test(line))).toEqual([]);
  }
});

test.each(Object.entries(dashboards))(
  'every query of the dashboard %s returns data after a load',
  async (_name, { panels }) => {
    const empty: string[] = [];
    for (const { title, queries } of panels)
      for (const [expression] of queries) {
        const samples = await ask(fill(expression));
        if (!samples.some(({ value }) => Number.isFinite(Number(value[1]))))
          empty.push(`${title}: ${expression}`);
      }
    expect(empty).toEqual([]);
  },
);

test.each(recorded.map(({ record, expr }) => [record!, expr]))('%s is recorded', async (record) => {
  const samples = await ask(record);
  expect(samples.filter(({ value }) => Number.isFinite(Number(value[1])))).not.toEqual([]);
});

test.each(alerts.map(({ alert, expr }) => [alert!, expr]))(
  '%s asks for series that there are',
  async (_name, expr) => {
    // Evaluates, whatever it says.
    await ask(expr);
    const selectors = [...expr.matchAll(/([a-z][a-z0-9_:]*)(\{[^}]*\})?/g)].filter(([, name]) =>
      known.has(name!),
    );
    expect(selectors).not.toEqual([]);
    for (const [selector] of selectors)
      expect({ selector, series: await ask(selector) }).not.toMatchObject({ series: [] });
  },
);

test('no alert fires where all is well but for executions that fail on purpose', async () => {
  const response = await fetch(`${prometheus.url}/api/v1/rules?type=alert`);
  const { data } = (await response.json()) as {
    data: { groups: { rules: { name: string; state: string; health: string; lastError?: string }[] }[] };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  expect(rules).toHaveLength(alerts.length);
  for (const { name, health, lastError } of rules)
    expect({ name, health, lastError }).toMatchObject({ health: 'ok' });
  expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([]);
});

/** Names of metrics, of which words in expressions are. */
const known = new Set([
  ...[...readFileSync(join(repository, 'docs/metrics.md'), 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(
    ([, name]) => name,
  ),
  ...recorded.map(({ record }) => record),
  'up',
]);
