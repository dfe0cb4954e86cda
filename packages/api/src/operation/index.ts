export { createMetrics, type Metrics } from './metrics/metrics.ts';
export { createOperation, type Operation, type OperationOptions } from './operation.ts';
export { createProbeServer, type ProbeServer } from './probe-server.ts';
export { loadTracing, type Tracing } from './tracing.ts';
