import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VwmpError } from '@vwmp/core';
import type { Operation } from './operation.ts';

/** A server that answers nothing but probes and metrics, for processes without the API. */
export interface ProbeServer {
  /** @returns the port @throws ADDRESS_UNAVAILABLE */
  listen(): Promise<number>;
  close(): Promise<void>;
}

export function createProbeServer(
  operation: Operation,
  { host, port }: { host: string; port: number },
): ProbeServer {
  // The import of an ES module would touch getters that load `fetch`: 13 MB.
  const http = process.getBuiltinModule('node:http');
  const server: Server = http.createServer((request, response) => {
    if (operation.handle(request, response)) return;
    response.writeHead(404, { 'content-length': '0' }).end();
  });
  return {
    async listen() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject);
      server.listen({ host, port }, resolve);
      try {
        await promise;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const message = `Probes cannot be answered at ${host}:${port}: ${why}. Choose another VWMP_PROBE_PORT.`;
        throw new VwmpError('ADDRESS_UNAVAILABLE', message, { cause, retryable: false });
      } finally {
        server.off('error', reject);
      }
      // A probe alone keeps no process alive.
      server.unref();
      return (server.address() as AddressInfo).port;
    },
    async close() {
      if (!server.listening) return;
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
    },
  };
}
