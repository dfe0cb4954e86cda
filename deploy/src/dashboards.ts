import type { Dashboard, Query } from './dashboard.ts';

/** What every query is limited to. */
const here = 'job=~"$job",instance=~"$instance"';
const rate = '$__rate_interval';

const perSecond = (metric: string, by: string, labels = here): string =>
  `sum by (${by}) (rate(${metric}{${labels}}[${rate}]))`;

/** Percentiles of a histogram, one query each. */
function percentiles(metric: string, labels = here): Query[] {
  return [50, 95, 99].map((percentile) => [
    `histogram_quantile(${percentile / 100}, sum by (le) (rate(${metric}_bucket{${labels}}[${rate}])))`,
    `p${percentile}`,
  ]);
}

/** Without what scanners ask for. */
const operations = `${here},route!="other"`;
/** Requests that wait for the end of an execution take as long as it does. */
const quickRequests = `${operations},method="GET"`;

const share = (part: string, whole: string): string =>
  `(sum(rate(${part}[${rate}])) or vector(0)) / sum(rate(${whole}[${rate}]))`;

const failed = `executions_total{${here},status="failed"}`;
const serverErrors = `http_requests_total{${operations},status=~"5.."}`;

const overview: Dashboard = {
  uid: 'vwmp-overview',
  title: 'Overview',
  description: 'Whether it runs, how much it does, and where to look next.',
  panels: [
    {
      title: 'Processes that are ready',
      description: 'Fewer than were started: a database, a queue or the process itself does not answer.',
      ...{ type: 'stat', thresholds: [1, 0.5], lowIsBad: true, queries: [[`sum(ready{${here}})`, 'ready']] },
    },
    {
      title: 'Executions that fail',
      description: 'Their share of those that ended.',
      ...{ type: 'stat', unit: 'percentunit', thresholds: [0.05, 0.2] },
      queries: [[share(failed, `executions_total{${here}}`), 'failed']],
    },
    {
      title: 'Requests that fail here',
      description: 'The share of answers with a status of 500 and more.',
      ...{ type: 'stat', unit: 'percentunit', thresholds: [0.001, 0.01] },
      queries: [[share(serverErrors, `http_requests_total{${operations}}`), '5xx']],
    },
    {
      title: 'Longest wait in a queue',
      description: 'For how long tasks have been waiting in a queue that never ran empty.',
      ...{ type: 'stat', unit: 's', thresholds: [60, 300] },
      queries: [[`max(queue_wait_seconds{${here}})`, 'wait']],
    },
    {
      title: 'Executions that end',
      description: 'Per second, by how they ended.',
      queries: [[perSecond('executions_total', 'status'), '{{status}}']],
    },
    {
      title: 'Requests',
      description: 'Per second, by status.',
      ...{ unit: 'reqps', queries: [[perSecond('http_requests_total', 'status'), '{{status}}']] },
    },
    {
      title: 'Time to answer a GET',
      description: 'Of live streams, until they begin.',
      ...{ unit: 's', queries: percentiles('http_request_seconds', quickRequests) },
    },
    {
      title: 'Work that waits',
      description: 'Tasks in queues, and executions that nobody works on though they have something to do.',
      queries: [
        [`max by (queue) (queue_tasks{${here},state="waiting"})`, '{{queue}}'],
        [`max(timers_due{${here}})`, 'executions that are due'],
      ],
    },
    {
      title: 'Memory',
      description: 'Resident memory of each process.',
      ...{ unit: 'bytes', queries: [[`rss_bytes{${here}}`, '{{instance}}']] },
    },
    {
      title: 'CPU',
      description: 'Cores that each process keeps busy. JavaScript runs on one.',
      queries: [[`rate(process_cpu_seconds_total{${here}}[${rate}])`, '{{instance}}']],
    },
    {
      title: 'What each process depends on',
      description: '1 where it answers.',
      ...{ type: 'table', width: 24 },
      queries: [[`dependency_up{${here}}`, '']],
    },
  ],
};

const executions: Dashboard = {
  uid: 'vwmp-executions',
  title: 'Executions',
  description: 'What is carried out, how long it takes, and what fails.',
  panels: [
    {
      title: 'Begun and ended',
      description: 'Per second. What is begun and does not end is parked, or piles up.',
      queries: [
        [`sum(rate(executions_started_total{${here}}[${rate}]))`, 'begun'],
        [`sum(rate(executions_total{${here}}[${rate}]))`, 'ended'],
      ],
    },
    {
      title: 'Executions in hand',
      description: 'Begun by a process that runs now, and not ended: parked ones included.',
      queries: [[`sum by (instance) (executions_active{${here}})`, '{{instance}}']],
    },
    {
      title: 'Ended, by status',
      description: 'Per second.',
      queries: [[perSecond('executions_total', 'status'), '{{status}}']],
    },
    {
      title: 'Duration of executions',
      description: 'Of those that began and ended in one process; waits included.',
      ...{ unit: 's', queries: percentiles('execution_seconds') },
    },
    {
      title: 'Steps, by status',
      description: 'Settled, per second.',
      queries: [[perSecond('steps_total', 'status'), '{{status}}']],
    },
    {
      title: 'Duration of steps',
      description: 'Retries and waits included.',
      ...{ unit: 's', queries: percentiles('step_seconds') },
    },
    {
      title: 'Attempts that are tried again',
      description: 'Per second. They grow before executions fail.',
      queries: [[`sum(rate(step_retries_total{${here}}[${rate}]))`, 'retries']],
    },
    {
      title: 'Share that fails',
      description: 'Of executions and of steps.',
      unit: 'percentunit',
      queries: [
        [share(failed, `executions_total{${here}}`), 'executions'],
        [share(`steps_total{${here},status="failed"}`, `steps_total{${here}}`), 'steps'],
      ],
    },
  ],
};

const queues: Dashboard = {
  uid: 'vwmp-queues',
  title: 'Queues and workers',
  description: 'Whether there are enough workers, and how store and queue answer them.',
  panels: [
    {
      title: 'Tasks that wait',
      description: 'Each process sees the same Redis, so the greatest count is the count.',
      queries: [[`max by (queue) (queue_tasks{${here},state="waiting"})`, '{{queue}}']],
    },
    {
      title: 'For how long',
      description: 'How long a queue has not been empty, as seen by the scrapes.',
      ...{ unit: 's', queries: [[`max by (queue) (queue_wait_seconds{${here}})`, '{{queue}}']] },
    },
    {
      title: 'Tasks under way and delayed',
      description: 'What workers hold, and what waits for its time.',
      queries: [
        [`max by (queue, state) (queue_tasks{${here},state=~"active|delayed"})`, '{{queue}} {{state}}'],
      ],
    },
    {
      title: 'Dead letters',
      description:
        'Tasks that no attempt could carry out. POST /queues/NAME/dead/TASK/retry gives one another chance.',
      queries: [[`max by (queue) (queue_tasks{${here},state="dead"})`, '{{queue}}']],
    },
    {
      title: 'Age of dead letters',
      description: 'How long ago the oldest one of each queue failed for good; 0 without one.',
      ...{ unit: 's', queries: [[`max by (queue) (queue_dead_seconds{${here}})`, '{{queue}}']] },
    },
    {
      title: 'Paused queues',
      description: 'Nothing is given out until somebody resumes them: POST /queues/NAME/resume.',
      ...{ type: 'bargauge', queries: [[`max by (queue) (queue_paused{${here}})`, '{{queue}}']] },
    },
    {
      title: 'Executions that are due',
      description: 'They have something to do and nobody works on them; 500 stands for 500 or more.',
      queries: [[`max(timers_due{${here}})`, 'due']],
    },
    {
      title: 'Executions that end, by worker',
      description: 'Per second. One that lags behind the others is slow or stuck.',
      queries: [[perSecond('executions_total', 'instance'), '{{instance}}']],
    },
    {
      title: 'Latency of the store',
      description: 'What probes and scrapes asked, on average.',
      unit: 'ms',
      queries: [
        [
          `sum by (impl, module) (rate(op_latency_ms_sum{${here},surface="store"}[${rate}])) / sum by (impl, module) (rate(op_latency_ms_count{${here},surface="store"}[${rate}]))`,
          '{{impl}} {{module}}',
        ],
        [`max by (backend, name) (dependency_latency_seconds{${here}}) * 1000`, 'last probe: {{name}}'],
      ],
    },
    {
      title: 'Latency of the queue',
      description: 'Counting all queues, on average.',
      unit: 'ms',
      queries: [
        [
          `sum by (impl) (rate(op_latency_ms_sum{${here},surface="queue"}[${rate}])) / sum by (impl) (rate(op_latency_ms_count{${here},surface="queue"}[${rate}]))`,
          '{{impl}}',
        ],
      ],
    },
  ],
};

const processes: Dashboard = {
  uid: 'vwmp-process',
  title: 'Process',
  description: 'What each process costs its machine.',
  panels: [
    {
      title: 'Resident memory',
      description: 'What the system has given to the process.',
      ...{ unit: 'bytes', queries: [[`rss_bytes{${here}}`, '{{instance}}']] },
    },
    {
      title: 'JavaScript heap',
      description: 'In use. A line that only climbs is a leak.',
      ...{ unit: 'bytes', queries: [[`heap_bytes{${here}}`, '{{instance}}']] },
    },
    {
      title: 'CPU',
      description: 'Cores that each process keeps busy.',
      queries: [[`rate(process_cpu_seconds_total{${here}}[${rate}])`, '{{instance}}']],
    },
    {
      title: 'CPU for each operation',
      description: 'Of all requests and steps of a process, and of WebAssembly modules.',
      ...{ unit: 'µs', queries: [[`op_cpu_us{${here}}`, '{{instance}} {{surface}} {{impl}} {{module}}']] },
    },
    {
      title: 'Delay of the event loop',
      description: 'How late timers are. Measured from the second scrape on.',
      unit: 's',
      queries: [[`event_loop_delay_seconds{${here},percentile="99"}`, '{{instance}} p99']],
    },
    {
      title: 'Utilization of the event loop',
      description: 'At 1 nothing more fits into the process.',
      ...{ unit: 'percentunit', queries: [[`event_loop_utilization{${here}}`, '{{instance}}']] },
    },
    {
      title: 'Clock',
      description: 'How far it is from the one of Prometheus, the time of a scrape included.',
      ...{
        unit: 's',
        queries: [[`abs(clock_seconds{${here}} - timestamp(clock_seconds{${here}}))`, '{{instance}}']],
      },
    },
    {
      title: 'Time to start',
      description: 'From the start of the process until it was ready.',
      ...{ type: 'bargauge', unit: 'ms', queries: [[`startup_ms{${here}}`, '{{instance}}']] },
    },
    {
      title: 'Restarts',
      description: 'Within the last hour.',
      type: 'bargauge',
      queries: [[`sum by (instance) (resets(process_cpu_seconds_total{${here}}[1h]))`, '{{instance}}']],
    },
    {
      title: 'Installed size',
      description: 'Of the packages of VWMP.',
      ...{ type: 'bargauge', unit: 'bytes' },
      queries: [[`max by (package) (artifact_size_bytes{${here}})`, '{{package}}']],
    },
    {
      title: 'WebAssembly beside JavaScript',
      description: 'Average time of an operation that plugins measure in both.',
      unit: 'ms',
      queries: [
        [
          `sum by (module, impl) (rate(op_latency_ms_sum{${here},surface="wasm"}[${rate}])) / sum by (module, impl) (rate(op_latency_ms_count{${here},surface="wasm"}[${rate}]))`,
          '{{module}} {{impl}}',
        ],
      ],
    },
    {
      title: 'WebAssembly modules',
      description: 'Instances made, and calls that found their module compiled, per second.',
      queries: [
        [`sum(rate(wasm_instantiates_total{${here}}[${rate}]))`, 'instances'],
        [`sum(rate(wasm_cache_hits_total{${here}}[${rate}]))`, 'found compiled'],
      ],
    },
    {
      title: 'Latency by kind of operation',
      description: 'The 95th percentile, of requests, steps, store, queue and WebAssembly.',
      unit: 'ms',
      queries: [
        [
          `histogram_quantile(0.95, sum by (le, surface) (rate(op_latency_ms_bucket{${here}}[${rate}])))`,
          '{{surface}}',
        ],
      ],
    },
  ],
};

/** All of them, by the name of their file. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  overview,
  executions,
  'queues-and-workers': queues,
  process: processes,
};
