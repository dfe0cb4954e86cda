import type { Platform } from '@vwmp/core/platform';
import { onTestFinished } from 'vitest';
import type { SocketsOptions } from '../sockets.ts';
import { openPlatform } from './platform.ts';
import { type SocketServer, serveSockets } from './serve.ts';

/** A platform and a server with nothing but its sockets, which go with the test. */
export async function start(
  options: Partial<SocketsOptions> = {},
): Promise<{ platform: Platform; server: SocketServer }> {
  const platform = await openPlatform();
  onTestFinished(() => platform.close());
  const server = await serveSockets(platform, options);
  onTestFinished(() => server.stop());
  return { platform, server };
}
