import type { Labels, Registry } from './registry.ts';
import type { MetricName } from './specs.ts';

/** What a plugin publishes at `vwmp:metrics`, a channel of `node:diagnostics_channel`, for each measurement. */
export interface MeasuredMessage {
  name: 'wasm_instantiates_total' | 'wasm_cache_hits_total' | 'op_latency_ms' | 'op_cpu_us';
  labels: Labels;
  /** Not negative: what a counter grows by, milliseconds or microseconds. */
  value: number;
}

const channelName = 'vwmp:metrics';
/** So many operations are told apart between two scrapes. */
const mostOperations = 200;

/**
 * Takes in what plugins measure. Neither side loads the other: without a subscriber plugins publish nothing, and without plugins
 * nothing is heard.
 */
export function createPluginMetrics(registry: Registry<MetricName>): { collect(): void; close(): void } {
  const channels = process.getBuiltinModule('node:diagnostics_channel');
  /** CPU time since the last scrape, by the labels as text. */
  const cpu = new Map<string, { labels: Labels; sum: number; count: number }>();

  const onMessage = (message: unknown): void => {
    const measured = readMessage(message);
    if (!measured) return;
    const { name, labels, value } = measured;
    if (name === 'op_latency_ms') registry.observe(name, labels, value);
    else if (name !== 'op_cpu_us') registry.add(name, {}, value);
    else {
      const key = `${labels.surface}\n${labels.impl}\n${labels.module}`;
      const entry = cpu.get(key) ?? { labels, sum: 0, count: 0 };
      entry.sum += value;
      entry.count++;
      if (cpu.size < mostOperations) cpu.set(key, entry);
    }
  };
  channels.subscribe(channelName, onMessage);

  return {
    collect() {
      for (const { labels, sum, count } of cpu.values()) registry.set('op_cpu_us', labels, sum / count);
      cpu.clear();
    },
    close: () => void channels.unsubscribe(channelName, onMessage),
  };
}

const names: ReadonlySet<unknown> = new Set<MeasuredMessage['name']>([
  'wasm_instantiates_total',
  'wasm_cache_hits_total',
  'op_latency_ms',
  'op_cpu_us',
]);

/** Anything can be published, by any part of the program. */
function readMessage(message: unknown): MeasuredMessage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { name, labels, value } = message as Partial<Record<keyof MeasuredMessage, unknown>>;
  if (!names.has(name) || typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY))
    return undefined;
  const given = typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>) : {};
  const text = (label: string): string => {
    const each = given[label];
    return typeof each === 'string' && each !== '' ? each : 'other';
  };
  const read = { surface: text('surface'), impl: text('impl'), module: text('module') };
  return { name: name as MeasuredMessage['name'], labels: read, value };
}
