import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { deployFolder, yamlOf } from '../src/files.ts';

/** Series as promtool writes them, one value a minute: `0+5x60` begins at 0 and grows by 5. */
type Series = Readonly<Record<string, string>>;

const of = 'job="vwmp",instance="a"';
const minutes = 60;
const steady = (value: number): string => `${value}x${minutes}`;
const growing = (each: number): string => `0+${each}x${minutes}`;

const healthy: Series = {
  [`up{${of}}`]: steady(1),
  [`ready{${of}}`]: steady(1),
  [`dependency_up{${of},name="database",backend="postgresql"}`]: steady(1),
  [`executions_unrecorded{${of}}`]: steady(0),
  [`dependency_latency_seconds{${of},name="database",backend="postgresql"}`]: steady(0.002),
  [`http_requests_total{${of},route="/",method="GET",status="200"}`]: growing(600),
  [`http_requests_total{${of},route="/",method="GET",status="503"}`]: growing(1),
  [`http_request_seconds_bucket{${of},route="/",method="GET",le="0.01"}`]: growing(600),
  [`http_request_seconds_bucket{${of},route="/",method="GET",le="2.5"}`]: growing(601),
  [`http_request_seconds_bucket{${of},route="/",method="GET",le="+Inf"}`]: growing(601),
  // What scanners ask for hides no failure.
  [`http_requests_total{${of},route="other",method="GET",status="404"}`]: growing(1e6),
  [`http_request_seconds_bucket{${of},route="other",method="GET",le="0.01"}`]: growing(1e6),
  [`http_request_seconds_bucket{${of},route="other",method="GET",le="+Inf"}`]: growing(1e6),
  // Whoever waits for the end of an execution is not slow.
  [`http_request_seconds_bucket{${of},route="/x/",method="POST",le="0.01"}`]: growing(0),
  [`http_request_seconds_bucket{${of},route="/x/",method="POST",le="+Inf"}`]: growing(600),
  [`executions_total{${of},status="success"}`]: growing(100),
  [`executions_total{${of},status="failed"}`]: growing(5),
  [`steps_total{${of},status="success"}`]: growing(300),
  [`step_seconds_bucket{${of},status="success",le="1"}`]: growing(300),
  [`step_seconds_bucket{${of},status="success",le="+Inf"}`]: growing(300),
  [`queue_wait_seconds{${of},queue="executions"}`]: steady(20),
  [`queue_paused{${of},queue="executions"}`]: steady(0),
  [`queue_tasks{${of},queue="executions",state="waiting"}`]: steady(3),
  [`queue_tasks{${of},queue="executions",state="dead"}`]: steady(4),
  [`queue_dead_seconds{${of},queue="executions"}`]: '3600+60x60',
  [`timers_due{${of}}`]: steady(2),
  [`clock_seconds{${of}}`]: '0.5+60x60',
  [`event_loop_delay_seconds{${of},percentile="99"}`]: steady(0.02),
  [`rss_bytes{${of}}`]: steady(180e6),
  [`process_cpu_seconds_total{${of}}`]: growing(6),
};

/** What makes each of them fire. */
const trouble: Readonly<Record<string, Series>> = {
  VwmpProcessDown: { [`up{${of}}`]: steady(0) },
  VwmpNotReady: { [`ready{${of}}`]: steady(0) },
  VwmpDependencyDown: { [`dependency_up{${of},name="database",backend="postgresql"}`]: steady(0) },
  VwmpNotRecorded: { [`executions_unrecorded{${of}}`]: steady(2) },
  VwmpDependencySlow: {
    [`dependency_latency_seconds{${of},name="database",backend="postgresql"}`]: steady(0.5),
  },
  VwmpRequestsFail: { [`http_requests_total{${of},route="/",method="GET",status="503"}`]: growing(20) },
  VwmpRequestsSlow: {
    [`http_request_seconds_bucket{${of},route="/",method="GET",le="0.01"}`]: growing(500),
  },
  VwmpExecutionsFail: { [`executions_total{${of},status="failed"}`]: growing(60) },
  VwmpQueueWaits: { [`queue_wait_seconds{${of},queue="executions"}`]: '0+60x60' },
  VwmpNobodyWorks: { [`steps_total{${of},status="success"}`]: steady(7) },
  VwmpDeadLetters: { [`queue_tasks{${of},queue="executions",state="dead"}`]: '4x30 5x30' },
  VwmpDeadLettersStay: { [`queue_dead_seconds{${of},queue="executions"}`]: '86000+60x60' },
  VwmpClockWrong: { [`clock_seconds{${of}}`]: '-30+60x60' },
  VwmpEventLoopLate: { [`event_loop_delay_seconds{${of},percentile="99"}`]: steady(0.6) },
  VwmpMemoryHigh: { [`rss_bytes{${of}}`]: steady(350e6) },
  VwmpRestarts: { [`process_cpu_seconds_total{${of}}`]: '0+1x33 0+1x2 0+1x2 0+1x2 0+1x20' },
};

/** @returns what promtool has to say when these and no others are to fire after 40 minutes */
function firing(series: Series, alerts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const rules = ['recording', 'alerts'].map((name) => join(deployFolder, `observability/rules/${name}.yml`));
  const samples = alerts.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 }));
  const tests = [
    {
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        {
          expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
          ...{ eval_time: '40m', exp_samples: samples },
        },
      ],
    },
  ];
  writeFileSync(
    join(folder, 'tests.yml'),
    stringify({ rule_files: rules, evaluation_interval: '1m', tests }),
  );
  const { stdout, stderr, error } = spawnSync('promtool', ['test', 'rules', 'tests.yml'], {
    ...{ cwd: folder, encoding: 'utf8' },
  });
  if (error) throw new Error('promtool is missing: apt-get install prometheus', { cause: error });
  return `${stdout}${stderr}`;
}

test('no alert fires where all is well', () => {
  expect(firing(healthy, [])).toContain('SUCCESS');
});

test.each(Object.entries(trouble))('%s fires when it should, and no other', (alert, series) => {
  expect(firing({ ...healthy, ...series }, [alert])).toContain('SUCCESS');
});

test('that nobody works is said where no worker ever ran, too', () => {
  const others = Object.entries(healthy).filter(([series]) => !series.startsWith('steps_total'));
  expect(firing(Object.fromEntries(others), ['VwmpNobodyWorks'])).toContain('SUCCESS');
});

test('while the queue of executions is paused nobody is woken up', () => {
  const paused: Series = {
    [`steps_total{${of},status="success"}`]: steady(7),
    [`queue_wait_seconds{${of},queue="executions"}`]: '0+60x60',
    [`queue_paused{${of},queue="executions"}`]: steady(1),
  };
  expect(firing({ ...healthy, ...paused }, ['VwmpQueueWaits'])).toContain('SUCCESS');
});

test('it is told that no process is left', () => {
  expect(firing({}, ['VwmpProcessDown'])).toContain('SUCCESS');
});

const dead = (queue: string, tasks: string, seconds: string): Series => ({
  [`queue_tasks{${of},queue="${queue}",state="dead"}`]: tasks,
  [`queue_dead_seconds{${of},queue="${queue}"}`]: seconds,
});

test.each([
  ['in a queue that was not there before', 'mails', '_x35 1x25', '_x35 10+60x25'],
  ['where others were removed meanwhile', 'executions', '5x30 3x5 4x25', '3600+60x60'],
])('a dead letter is told of %s', (_, queue, tasks, seconds) => {
  expect(firing({ ...healthy, ...dead(queue, tasks, seconds) }, ['VwmpDeadLetters'])).toContain('SUCCESS');
});

test.each([
  ['a process that was away sees those of before again', '4x30 _x5 4x25', '3600+60x30 _x5 5700+60x25'],
  ['some were removed', '4x32 2x28', '3600+60x60'],
])('no dead letter is told of when %s', (_, tasks, seconds) => {
  expect(firing({ ...healthy, ...dead('executions', tasks, seconds) }, [])).toContain('SUCCESS');
});

test('each alert is tested', () => {
  const { groups } = yamlOf<{ groups: { rules: { alert: string }[] }[] }>('observability/rules/alerts.yml');
  const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(Object.keys(trouble).sort()).toEqual(names.sort());
});
