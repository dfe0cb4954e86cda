import type { MetricSpec } from './registry.ts';

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];
const milliseconds = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 5000];

export type MetricName =
  | 'startup_seconds'
  | 'startup_ms'
  | 'clock_seconds'
  | 'rss_bytes'
  | 'heap_bytes'
  | 'artifact_size_bytes'
  | 'process_cpu_seconds_total'
  | 'event_loop_delay_seconds'
  | 'event_loop_utilization'
  | 'http_requests_total'
  | 'http_request_seconds'
  | 'op_latency_ms'
  | 'op_cpu_us'
  | 'wasm_instantiates_total'
  | 'wasm_cache_hits_total'
  | 'executions_started_total'
  | 'executions_total'
  | 'execution_seconds'
  | 'steps_total'
  | 'step_seconds'
  | 'step_retries_total'
  | 'executions_active'
  | 'executions_unrecorded'
  | 'timers_due'
  | 'queue_tasks'
  | 'queue_dead_seconds'
  | 'queue_paused'
  | 'queue_wait_seconds'
  | 'dependency_up'
  | 'dependency_latency_seconds'
  | 'ready';

/** Every metric, by name: what is counted, written and documented comes from here. */
export const metricSpecs: Readonly<Record<MetricName, MetricSpec>> = {
  startup_seconds: {
    type: 'histogram',
    help: 'From the start of the process until it was ready.',
    labels: [],
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5, 10],
  },
  startup_ms: { type: 'gauge', help: 'The same, in milliseconds.', labels: [] },
  clock_seconds: {
    type: 'gauge',
    help: 'The time by the clock of the process when it answered, in seconds since 1970.',
    labels: [],
  },
  rss_bytes: { type: 'gauge', help: 'Resident memory of the process.', labels: [] },
  heap_bytes: { type: 'gauge', help: 'Used memory of the JavaScript heap.', labels: [] },
  artifact_size_bytes: {
    type: 'gauge',
    help: 'Size on disk of what is installed of the packages of VWMP, looked at once.',
    labels: ['package'],
  },
  process_cpu_seconds_total: { type: 'counter', help: 'CPU time of the process.', labels: [] },
  event_loop_delay_seconds: {
    type: 'gauge',
    help: 'How late timers were since the last scrape. Measured only while somebody scrapes.',
    labels: ['percentile'],
  },
  event_loop_utilization: {
    type: 'gauge',
    help: 'Which part of the time since the last scrape the event loop was busy, from 0 to 1.',
    labels: [],
  },
  http_requests_total: {
    type: 'counter',
    help: 'Answered requests, by the pattern of the route; `other` is what no operation answers, such as paths at which nothing is. Files of the designer are not counted.',
    labels: ['route', 'method', 'status'],
  },
  http_request_seconds: {
    type: 'histogram',
    help: 'Time from a request to its answer.',
    labels: ['route', 'method'],
    buckets: seconds,
  },
  op_latency_ms: {
    type: 'histogram',
    help: 'Time that an operation took: of `http` by the first part of the route, of `step` by the outcome, of `store` and `queue` what probes and scrapes ask, of `wasm` by the operation.',
    labels: ['surface', 'impl', 'module'],
    buckets: milliseconds,
  },
  op_cpu_us: {
    type: 'gauge',
    help: 'CPU time for each operation since the last scrape, in microseconds: of `process` all of it by requests and steps, of `wasm` by the operation.',
    labels: ['surface', 'impl', 'module'],
  },
  wasm_instantiates_total: {
    type: 'counter',
    help: 'WebAssembly modules that were instantiated. From `@vwmp/plugin-wasm`, where it is used.',
    labels: [],
  },
  wasm_cache_hits_total: {
    type: 'counter',
    help: 'Calls that found their WebAssembly module compiled.',
    labels: [],
  },
  executions_started_total: {
    type: 'counter',
    help: 'Executions that this process began to work on.',
    labels: [],
  },
  executions_total: { type: 'counter', help: 'Executions that ended in this process.', labels: ['status'] },
  execution_seconds: {
    type: 'histogram',
    help: 'How long executions took that began and ended in this process.',
    labels: ['status'],
    buckets: seconds,
  },
  steps_total: { type: 'counter', help: 'Steps that settled in this process.', labels: ['status'] },
  step_seconds: {
    type: 'histogram',
    help: 'How long steps took, retries and waits included.',
    labels: ['status'],
    buckets: seconds,
  },
  step_retries_total: { type: 'counter', help: 'Attempts that failed and are tried again.', labels: [] },
  executions_active: {
    type: 'gauge',
    help: 'Executions that this process has begun and that have not ended, parked ones included.',
    labels: [],
  },
  executions_unrecorded: {
    type: 'gauge',
    help: 'Executions that went on in this process further than could be recorded yet: the database is away or full. It tries until it can.',
    labels: [],
  },
  timers_due: {
    type: 'gauge',
    help: 'Executions with something to do that nobody works on yet; at most 500 are counted.',
    labels: [],
  },
  queue_tasks: {
    type: 'gauge',
    help: 'Tasks in the queues: in `executions`, those that `VWMP_WORKER_QUEUES` names, and the first of the others; 100 at most.',
    labels: ['queue', 'state'],
  },
  queue_dead_seconds: {
    type: 'gauge',
    help: 'How long ago the oldest dead letter of a queue failed for good; 0 without one.',
    labels: ['queue'],
  },
  queue_paused: { type: 'gauge', help: '1 while a queue is paused, else 0.', labels: ['queue'] },
  queue_wait_seconds: {
    type: 'gauge',
    help: 'For how long tasks have been waiting in a queue that never ran empty meanwhile, as seen by the scrapes.',
    labels: ['queue'],
  },
  dependency_up: {
    type: 'gauge',
    help: '1 when the part answers, else 0.',
    labels: ['name', 'backend'],
  },
  dependency_latency_seconds: {
    type: 'gauge',
    help: 'How long the part took to answer the last probe.',
    labels: ['name', 'backend'],
  },
  ready: { type: 'gauge', help: '1 when /readyz says ready.', labels: [] },
};
