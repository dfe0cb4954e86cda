import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A TCP proxy on 127.0.0.1 that can cut off whoever is behind it. */
export interface Proxy {
  readonly port: number;
  /**
   * - `refused` (the default): connections are reset, new ones refused
   * - `dropped`: those there are now are reset; new ones work
   * - `silent`: nothing gets through in either direction, and nobody is told
   * - `new`: those there are now go on; new ones are refused
   */
  cut(how?: 'refused' | 'dropped' | 'silent' | 'new'): Promise<void>;
  /** As before the cut; what was sent into the silence gets through. */
  restore(): Promise<void>;
  /** How many connections are open now. */
  connections(): number;
  stop(): Promise<void>;
}

/** Passes connections on to `target`. Does not keep the process alive. */
export async function startProxy(target: { host?: string; port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;

  const accept = (client: Socket): void => {
    const server = dial({ host: target.host ?? '127.0.0.1', port: target.port });
    const pair = [client, server] as const;
    pairs.add(pair);
    const reset = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const [from, to] of [pair, [server, client] as const]) {
      from.unref();
      from.setNoDelay(true);
      from.on('error', reset).on('close', reset);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (!silent) from.resume();
      });
      if (silent) from.pause();
    }
  };

  const port = await freePort();
  let listener = await listen(port, accept);
  const resetAll = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
  };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      listener.close(() => resolve());
      resetAll();
    });

  return {
    port,
    async cut(how = 'refused') {
      if (how === 'refused') await close();
      else if (how === 'dropped') resetAll();
      else if (how === 'new') listener.close();
      else {
        silent = true;
        for (const pair of pairs) for (const socket of pair) socket.pause();
      }
    },
    async restore() {
      silent = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
      if (!listener.listening) listener = await listen(port, accept);
    },
    connections: () => pairs.size,
    stop: close,
  };
}

function listen(port: number, accept: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
    server.unref();
  });
}
