import type { Registry } from './registry.ts';
import type { MetricName } from './specs.ts';

/** So long nobody may have scraped, in milliseconds, before measuring ends. */
const patience = 300_000;
/** Between two looks, in milliseconds. */
const resolution = 20;
const nanoseconds = 1e9;

/**
 * Measures how late the event loop is, from the first scrape until there was none for five minutes: the measurement wakes the process
 * up fifty times a second, which one that nobody watches is not to pay for.
 */
export function createEventLoopMetrics(registry: Registry<MetricName>): { collect(): void; close(): void } {
  let delays: ReturnType<typeof import('node:perf_hooks').monitorEventLoopDelay> | undefined;
  let ending: NodeJS.Timeout | undefined;
  let before: ReturnType<typeof import('node:perf_hooks').performance.eventLoopUtilization> | undefined;

  const close = (): void => {
    delays?.disable();
    delays = undefined;
    clearTimeout(ending);
  };

  return {
    collect() {
      // Not the global one, whose type is another where the types of browsers are seen too.
      const { performance } = process.getBuiltinModule('node:perf_hooks');
      const now = performance.eventLoopUtilization();
      // At first since the process began.
      const { utilization } = before ? performance.eventLoopUtilization(now, before) : now;
      registry.set('event_loop_utilization', {}, utilization || 0);
      before = now;
      if (delays) {
        for (const percentile of [50, 90, 99]) {
          // What is measured is the time between two looks, which are to be so far apart.
          const late = delays.percentile(percentile) - resolution * 1e6;
          const value = delays.count > 0 ? Math.max(late, 0) / nanoseconds : 0;
          registry.set('event_loop_delay_seconds', { percentile: String(percentile) }, value);
        }
        delays.reset();
      } else {
        delays = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution });
        delays.enable();
      }
      clearTimeout(ending);
      ending = setTimeout(close, patience).unref();
    },
    close,
  };
}
