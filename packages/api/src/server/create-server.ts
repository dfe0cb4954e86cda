import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { hasCode, VwmpError } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Settings } from '@vwmp/core/settings';
import type { AnsweredRequest, AppOptions } from '../app/app.ts';
import { createEnding } from '../app/ending.ts';
import { createGate } from '../app/gate.ts';
import type { Sockets } from '../live/sockets.ts';
import { createOperation, type Operation } from '../operation/operation.ts';
import { checkBind } from '../security/check-bind.ts';
import { isForPage } from './is-for-page.ts';

export interface ServerOptions extends AppOptions {
  /** What answers `/healthz`, `/readyz` and `/metrics`. @defaultValue one of its own */
  operation?: Operation;
  /** Folder of a built page for browsers, such as that of `@vwmp/designer`, shown at `/`. @defaultValue none: `/` leads to the docs */
  page?: string;
}

/** Where a server listens. */
export interface ServerAddress {
  host: string;
  port: number;
  /** Such as `http://127.0.0.1:8080`. */
  url: string;
}

export interface VwmpServer {
  /**
   * Begins to listen.
   *
   * @throws ADDRESS_IN_USE, ADDRESS_UNAVAILABLE, AUTHENTICATION_NEEDED
   */
  listen(): Promise<ServerAddress>;
  /** Where it listens; undefined when it does not. */
  readonly address: ServerAddress | undefined;
  /** Requests that are being answered, and sockets that are open. */
  readonly active: number;
  /**
   * Takes no new connections, tells who follows events to come back, and resolves when what is being answered has been. Idempotent.
   *
   * @param patience - after so many milliseconds what is left is cut off; who waits for an execution is answered just before @defaultValue 10000
   */
  close(patience?: number): Promise<void>;
}

/** The answer to the last request of a connection. A set of all that are being answered would cost each of them more. */
const lastAnswer = Symbol('last answer');
type Connection = Socket & { [lastAnswer]?: ServerResponse };

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Makes a server of the API over a platform that is open. Until the first request of the API it is a plain HTTP server:
 * what answers those is loaded when it is needed.
 *
 * @param settings - where it listens, and who gets in @defaultValue those of the platform
 */
export function createServer(
  platform: Platform,
  settings: Settings = platform.settings,
  options: ServerOptions = {},
): VwmpServer {
  // The import of an ES module would touch getters that load `fetch`: 13 MB.
  const http = process.getBuiltinModule('node:http');
  const { logger } = options;
  const gate = options.gate ?? createGate(platform, settings, logger);
  const operation =
    options.operation ??
    createOperation({ platform, authenticator: gate.authenticator, ...(logger && { logger }) });
  const told = (request: AnsweredRequest): void => {
    operation.onRequest(request);
    options.onRequest?.(request);
  };
  const ending = createEnding();
  const connections = new Set<Connection>();
  let active = 0;
  let loading: Promise<Listener> | undefined;
  let socketsLoading: Promise<Sockets> | undefined;
  let pageLoading: Promise<ReturnType<typeof import('./page.ts').createPage>> | undefined;
  let address: ServerAddress | undefined;
  let closing: Promise<void> | undefined;

  const load = (): Promise<Listener> => {
    loading ??= import('./listener.ts').then(({ createListener }) =>
      createListener(platform, { ...(logger && { logger }), gate, onRequest: told }, ending),
    );
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  const loadSockets = (): Promise<Sockets> => {
    socketsLoading ??= import('../live/sockets.ts').then(({ createSockets }) =>
      createSockets({
        ...{ platform, authenticator: gate.authenticator, origins: gate.origins },
        ...{ audit: gate.audit, limiter: gate.limiter, clientAddress: gate.clientAddress },
        ...(logger && { log: (level, message, fields) => logger.log(level, message, fields) }),
      }),
    );
    return socketsLoading;
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    load().then(
      (listener) => operation.around(request, response, () => void listener(request, response)),
      (error: unknown) => {
        logger?.log('error', 'The API could not be loaded.', { error: String(error) });
        response.writeHead(503, { 'content-length': '0', 'retry-after': '1' }).end();
      },
    );
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    active++;
    response.once('close', () => {
      active--;
      // Its client keeps the connection, which nobody waits for any more.
      if (closing !== undefined) setImmediate(() => server.closeIdleConnections());
    });
    const connection = request.socket as Connection;
    // That of an earlier request no longer is the last one.
    if (closing !== undefined) takeBackEnd(connection[lastAnswer]);
    connection[lastAnswer] = response;
    if (closing === undefined) return serve(request, response);
    tellEnd(response);
    // Once it is known whether another one came right behind it.
    setImmediate(serve, request, response);
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (operation.handle(request, response)) return;
    const { page } = options;
    if (page === undefined || !isForPage(request)) return answer(request, response);
    pageLoading ??= import('./page.ts').then(({ createPage }) => createPage(page));
    pageLoading.then(
      (show) => show(request, response, () => answer(request, response)),
      () => answer(request, response),
    );
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until somebody takes it over nobody else would hear of its errors.
    socket.on('error', () => {});
    if (closing !== undefined) return void socket.destroy();
    loadSockets().then(
      (sockets) => sockets.upgrade(request, socket, head),
      () => socket.destroy(),
    );
  };

  const server: Server = http.createServer({
    // Slow senders hold a connection no longer than this.
    headersTimeout: 20_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 15_000,
    maxHeaderSize: 16_384,
    noDelay: true,
    // Other protocols that a client offers to go on with are left out, and its request is answered as it is. (Older Node does not
    // ask, and such a request comes to the sockets, which refuse it.)
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', onRequest);
  server.on('upgrade', onUpgrade);
  server.on('clientError', answerClientError);

  const close = async (patience: number): Promise<void> => {
    operation.drain();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    const soon = Math.min(1000, patience / 2);
    // What they started is recorded: whoever was cut off without hearing of it would start it once more.
    const late = setTimeout(() => ending.comes.come(), patience - soon).unref();
    const cut = setTimeout(() => server.closeAllConnections(), patience).unref();
    // Browsers open some ahead of time. Those that have never asked for anything do not count as idle, and their first request may be on its way.
    const unused = setTimeout(() => {
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, soon).unref();
    for (const connection of connections) tellEnd(connection[lastAnswer]);
    ending.begins.come();
    server.closeIdleConnections();
    await (await socketsLoading?.catch(() => undefined))?.close();
    server.closeIdleConnections();
    await ended;
    clearTimeout(cut);
    clearTimeout(late);
    clearTimeout(unused);
    operation.close();
    address = undefined;
  };

  return {
    async listen() {
      const { host, port } = settings.api;
      await checkBind(settings.api, platform.storage.keys);
      await listen(server, host, port);
      const bound = server.address() as AddressInfo;
      const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
      address = { host, port: bound.port, url: `http://${name}:${bound.port}` };
      operation.ready();
      return address;
    },
    get address() {
      return address;
    },
    get active() {
      return active;
    },
    close(patience = 10_000) {
      closing ??= address === undefined ? Promise.resolve() : close(patience);
      return closing;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: host.replace(/^\[|\]$/g, ''), port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw explain(error, host, port);
  } finally {
    server.off('error', reject);
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const at = `${host}:${port}`;
  if (hasCode(error, 'EADDRINUSE')) {
    const message = `Something listens at ${at} already. End it, or choose another port with VWMP_API_PORT or --port.`;
    return new VwmpError('ADDRESS_IN_USE', message, { retryable: false, cause: error });
  }
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES', 'EINVAL'].some((code) => hasCode(error, code))) {
    const { code } = error as { code: string };
    const why = code === 'EACCES' ? 'this user may not listen there' : 'it is no address of this machine';
    const message = `The API cannot listen at ${at}: ${why}. Set VWMP_API_HOST and VWMP_API_PORT.`;
    return new VwmpError('ADDRESS_UNAVAILABLE', message, { retryable: false, cause: error });
  }
  return error;
}

/** Says in the last answer of a connection that it ends: whoever keeps it would send its next request into one that does. */
function tellEnd(response: ServerResponse | undefined): void {
  if (response && !response.headersSent) response.setHeader('connection', 'close');
}

function takeBackEnd(response: ServerResponse | undefined): void {
  if (response && !response.headersSent) response.removeHeader('connection');
}

/** What is no HTTP is answered in a line. */
function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
