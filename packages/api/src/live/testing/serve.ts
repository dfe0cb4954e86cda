import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Platform } from '@vwmp/core/platform';
import { createOrigins } from '../../security/origins.ts';
import { createSockets, type Sockets, type SocketsOptions } from '../sockets.ts';

/** A server with nothing but sockets. */
export interface SocketServer {
  readonly port: number;
  readonly sockets: Sockets;
  stop(): Promise<void>;
}

export const local = { id: 'local', name: 'local', role: 'admin' as const };

export async function serveSockets(
  platform: Platform,
  options: Partial<SocketsOptions> = {},
): Promise<SocketServer> {
  const sockets = createSockets({
    platform,
    authenticator: { authenticate: async () => local },
    origins: createOrigins({ listed: ['https://listed.example'], host: '127.0.0.1', auth: 'keys' }),
    ...options,
  });
  const server: Server = createServer();
  server.on('upgrade', sockets.upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, sockets },
    async stop() {
      await sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
