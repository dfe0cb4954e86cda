import type { ExecutionObserver } from '@vwmp/core';
import type { Health, Platform } from '@vwmp/core/platform';
import { createArtifactSize } from './artifact-size.ts';
import { createPluginMetrics } from './channel.ts';
import { createEventLoopMetrics } from './event-loop.ts';
import { createMetricsObserver } from './observer.ts';
import { type Labels, Registry } from './registry.ts';
import { type MetricName, metricSpecs } from './specs.ts';

/** What was answered, as the API tells it. */
export interface CountedRequest {
  method: string;
  /** The pattern of the path. */
  route: string;
  status: number;
  seconds: number;
}

/** Counts for Prometheus. Until somebody scrapes it only adds numbers up. */
export interface Metrics {
  /** To be given to the platform when it is made. */
  readonly observer: ExecutionObserver;
  onRequest(request: CountedRequest): void;
  /** Notes that the process is ready now. */
  ready(): void;
  /** Everything, with what can only be asked for. Never rejects. */
  collect(platform: Platform, health: Health): Promise<string>;
  close(): void;
}

/** How long queues and store may take to answer a scrape, in milliseconds. */
const patience = 2000;
const mostQueues = 100;
/** Where all executions wait: what workers are scaled by. */
const mainQueue = 'executions';
const wholeProcess: Labels = { surface: 'process', impl: 'js', module: 'all' };

export function createMetrics(): Metrics {
  const registry = new Registry<MetricName>(metricSpecs);
  const { observer, active } = createMetricsObserver(registry);
  const loop = createEventLoopMetrics(registry);
  const plugins = createPluginMetrics(registry);
  const artifacts = createArtifactSize(registry, import.meta.url);
  /** Since when each queue was not seen empty, in milliseconds. */
  const waiting = new Map<string, number>();
  let operations = 0;
  let before = { cpu: 0, operations: 0 };

  const process_ = (): void => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const cpu = user + system;
    registry.set('clock_seconds', {}, Date.now() / 1000);
    registry.set('rss_bytes', {}, rss);
    registry.set('heap_bytes', {}, heapUsed);
    registry.set('process_cpu_seconds_total', {}, cpu / 1e6);
    const done = operations - before.operations;
    if (done > 0) registry.set('op_cpu_us', wholeProcess, (cpu - before.cpu) / done);
    before = { cpu, operations };
    registry.set('executions_active', {}, active());
    loop.collect();
    plugins.collect();
  };

  const dependencies = ({ ready, parts, unrecorded }: Health): void => {
    registry.set('ready', {}, ready ? 1 : 0);
    // Not said while the parts hang: it is as many as before.
    if (unrecorded !== undefined) registry.set('executions_unrecorded', {}, unrecorded);
    // While it is not known which part hangs the platform as a whole stands for them, and must not stay away once they answer.
    registry.clear('dependency_up');
    for (const { name, backend, ok, latency } of parts) {
      registry.set('dependency_up', { name, backend }, ok ? 1 : 0);
      if (latency === undefined) continue;
      registry.set('dependency_latency_seconds', { name, backend }, latency / 1000);
      registry.observe('op_latency_ms', { surface: 'store', impl: backend, module: name }, latency);
    }
  };

  /** How long what a scrape asks for takes is worth knowing, too: probes alone read no row. */
  const timed = async <T>(labels: Labels, work: () => Promise<T>): Promise<T> => {
    const asked = performance.now();
    const answer = await work();
    registry.observe('op_latency_ms', labels, performance.now() - asked);
    return answer;
  };

  const queues = async ({ queue, storage, settings }: Platform): Promise<void> => {
    // Each of them is asked for, and workflows name them as they like: those go first that somebody has set up.
    const known = new Set(await queue.queues());
    const first = [mainQueue, ...settings.worker.queues].filter((name) => known.has(name));
    const names = [...new Set([...first, ...known])].slice(0, mostQueues);
    const counts = await timed({ surface: 'queue', impl: settings.queue.backend, module: 'counts' }, () =>
      Promise.all(names.map((name) => queue.counts(name))),
    );
    const due = await timed({ surface: 'store', impl: settings.database.backend, module: 'ready' }, () =>
      storage.executions.ready(Date.now(), 500),
    );
    registry.set('timers_due', {}, due.length);
    registry.clear('queue_tasks');
    registry.clear('queue_dead_seconds');
    registry.clear('queue_paused');
    registry.clear('queue_wait_seconds');
    const now = performance.now();
    for (const name of waiting.keys()) if (!names.includes(name)) waiting.delete(name);
    for (const [index, name] of names.entries()) {
      const all = counts[index]!;
      for (const state of ['waiting', 'delayed', 'active', 'dead'] as const)
        registry.set('queue_tasks', { queue: name, state }, all[state]);
      const { dead_since } = all;
      const age = dead_since === undefined ? 0 : (Date.now() - Date.parse(dead_since)) / 1000;
      registry.set('queue_dead_seconds', { queue: name }, Math.max(age, 0));
      registry.set('queue_paused', { queue: name }, all.paused ? 1 : 0);
      if (all.waiting === 0) waiting.delete(name);
      else if (!waiting.has(name)) waiting.set(name, now);
      registry.set('queue_wait_seconds', { queue: name }, (now - (waiting.get(name) ?? now)) / 1000);
    }
  };

  return {
    observer: {
      ...observer,
      onStepStarted: () => void operations++,
    },
    onRequest({ method, route, status, seconds }) {
      operations++;
      registry.add('http_requests_total', { route, method, status: String(status) });
      registry.observe('http_request_seconds', { route, method }, seconds);
      const labels = { surface: 'http', impl: 'js', module: moduleOf(route) };
      registry.observe('op_latency_ms', labels, seconds * 1000);
    },
    ready() {
      // Since the process began. `performance` would load 0.7 MB, which one that nobody asks anything does not need.
      const since = process.uptime() * 1000;
      registry.set('startup_ms', {}, since);
      registry.observe('startup_seconds', {}, since / 1000);
    },
    async collect(platform, health) {
      process_();
      dependencies(health);
      await within(artifacts(), patience).catch(() => undefined);
      // What cannot be asked keeps what it said last; that a part is away is said by `dependency_up`.
      await within(queues(platform), patience).catch(() => undefined);
      return registry.text();
    },
    close() {
      loop.close();
      plugins.close();
    },
  };
}

/** `workflows` of `/api/vwmp/workflows/{workflow_id}/`. */
function moduleOf(route: string): string {
  return route.replace(/^\/api\/vwmp/, '').split('/')[1] || 'other';
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, milliseconds, new Error('It took too long.'));
    timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
