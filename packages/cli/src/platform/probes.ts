import {
  createMetrics,
  createOperation,
  createProbeServer,
  type Operation,
  type ProbeServer,
} from '@vwmp/api/operation';
import type { ExecutionObserver, Logger } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';

/** Probes and metrics of a process without the API. */
export interface Probes {
  readonly observers: readonly ExecutionObserver[];
  /** To be called when the platform is open. @throws ADDRESS_UNAVAILABLE */
  listen(platform: Platform): Promise<void>;
  drain(): void;
  close(): Promise<void>;
}

export function createProbes(settings: Settings, logger: Logger): Probes {
  const metrics = createMetrics();
  let operation: Operation | undefined;
  let server: ProbeServer | undefined;
  return {
    observers: settings.metrics ? [metrics.observer] : [],
    async listen(platform) {
      const { host } = settings.api;
      operation = createOperation({ platform, metrics, logger });
      server = createProbeServer(operation, { host, port: settings.probePort });
      const port = await server.listen();
      operation.ready();
      logger.log('info', 'Probes are answered.', { host, port });
    },
    drain: () => operation?.drain(),
    async close() {
      operation?.close();
      await server?.close();
    },
  };
}
