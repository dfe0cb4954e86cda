import type { Tracing } from '@vwmp/api/operation';

/** Spans, where `node --import` has registered an SDK of OpenTelemetry. Else nothing is loaded. */
export async function findTracing(): Promise<Tracing | undefined> {
  if (!(Symbol.for('opentelemetry.js.api.1') in globalThis)) return undefined;
  const { loadTracing } = await import('@vwmp/api/operation');
  return loadTracing();
}
