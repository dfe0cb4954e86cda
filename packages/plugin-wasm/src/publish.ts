import type { Implementation } from './counters.ts';

/** What is told at the channel `vwmp:metrics` of `node:diagnostics_channel`, once for each measurement. */
export type Measurement =
  | { name: 'wasm_instantiates_total' | 'wasm_cache_hits_total'; labels: object; value: number }
  | {
      /** In microseconds and milliseconds. */
      name: 'op_cpu_us' | 'op_latency_ms';
      labels: { surface: 'wasm'; impl: Implementation; module: string };
      value: number;
    };

type Channel = Pick<import('node:diagnostics_channel').Channel, 'hasSubscribers' | 'publish'>;

let channel: Channel | undefined;

/** Tells whoever collects metrics in this process: neither has to know the other. Costs nothing where nobody listens. */
export function publish(...measurements: Measurement[]): void {
  channel ??= process.getBuiltinModule('node:diagnostics_channel').channel('vwmp:metrics');
  if (!channel.hasSubscribers) return;
  for (const measurement of measurements) channel.publish(measurement);
}
