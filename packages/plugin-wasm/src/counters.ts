import { publish } from './publish.ts';

/** How an operation is carried out. */
export type Implementation = 'wasm' | 'js' | 'native';

/** What was measured of an operation in one implementation. */
export interface OperationCounters {
  /** Calls. */
  count: number;
  /** CPU time, in microseconds. */
  op_cpu_us: number;
  /** From the call to the result, waiting included, in milliseconds. */
  op_latency_ms: number;
}

/** Figures of one runtime, to be read at any time. They only grow. */
export interface WasmCounters {
  wasm_instantiates_total: number;
  /** Calls that found their module compiled. */
  wasm_cache_hits_total: number;
  /** By `OPERATION/IMPLEMENTATION`. */
  readonly operations: Map<string, OperationCounters>;
}

export function createCounters(): WasmCounters {
  return { wasm_instantiates_total: 0, wasm_cache_hits_total: 0, operations: new Map() };
}

/** Names beyond this many are counted as one: they come from documents, and a process must not grow by them. */
const maxOperations = 200;

export function countInstance(counters: WasmCounters): void {
  counters.wasm_instantiates_total++;
  publish({ name: 'wasm_instantiates_total', labels: {}, value: 1 });
}

export function countCacheHit(counters: WasmCounters): void {
  counters.wasm_cache_hits_total++;
  publish({ name: 'wasm_cache_hits_total', labels: {}, value: 1 });
}

/** Adds one call. */
export function count(
  counters: WasmCounters,
  operation: string,
  implementation: Implementation,
  cpuUs: number,
  latencyMs: number,
): void {
  const { operations } = counters;
  const wanted = `${operation}/${implementation}`;
  const key = operations.has(wanted) || operations.size < maxOperations ? wanted : `other/${implementation}`;
  const entry = operations.get(key) ?? { count: 0, op_cpu_us: 0, op_latency_ms: 0 };
  entry.count++;
  entry.op_cpu_us += cpuUs;
  entry.op_latency_ms += latencyMs;
  operations.set(key, entry);
  const labels = {
    surface: 'wasm',
    impl: implementation,
    module: key.slice(0, key.lastIndexOf('/')),
  } as const;
  publish({ name: 'op_cpu_us', labels, value: cpuUs }, { name: 'op_latency_ms', labels, value: latencyMs });
}

/** The counters in the text format of Prometheus. */
export function renderCounters({
  wasm_instantiates_total,
  wasm_cache_hits_total,
  operations,
}: WasmCounters): string {
  const lines = [
    '# TYPE wasm_instantiates_total counter',
    `wasm_instantiates_total ${wasm_instantiates_total}`,
    '# TYPE wasm_cache_hits_total counter',
    `wasm_cache_hits_total ${wasm_cache_hits_total}`,
  ];
  for (const name of ['op_cpu_us', 'op_latency_ms'] as const) {
    if (operations.size > 0) lines.push(`# TYPE ${name} summary`);
    for (const [key, entry] of operations) {
      const at = key.lastIndexOf('/');
      const op = key.slice(0, at).replaceAll(/[\\"\n]/g, '_');
      const labels = `{op="${op}",impl="${key.slice(at + 1)}"}`;
      lines.push(`${name}_sum${labels} ${entry[name]}`, `${name}_count${labels} ${entry.count}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
