import type { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { systemCode } from '../shared/system-code.ts';
import type { Connections } from './connections.ts';
import type { Headers } from './headers.ts';

/** One request on the wire. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Buffer | undefined;
}

/** How requests of a plugin are sent. */
export interface Wire {
  readonly connections: Connections;
  readonly lookup: LookupFunction | undefined;
}

/** May be sent twice without harm (RFC 9110, 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Sends a request and gives the answer as soon as its head is there. Its body must be read or destroyed.
 *
 * A kept connection may be closed by the server at the moment it is used. Then nobody knows whether the request was
 * seen; so what may not be sent twice gets a fresh connection, and the rest one more try on a fresh one.
 */
export async function exchange(
  outgoing: Outgoing,
  wire: Wire,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!idempotent.has(outgoing.method)) return send(outgoing, wire, signal, false);
  const sent = await send(outgoing, wire, signal, true).catch((error: unknown) => {
    if (error instanceof StaleConnection) return undefined;
    throw error;
  });
  return sent ?? send(outgoing, wire, signal, false);
}

/** A kept connection that turned out to be dead. Never leaves this file. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function send(outgoing: Outgoing, wire: Wire, signal: AbortSignal, reuse: boolean): Promise<IncomingMessage> {
  const { method, url, headers, body } = outgoing;
  return new Promise((resolve, reject) => {
    const module =
      url.protocol === 'https:'
        ? process.getBuiltinModule('node:https')
        : process.getBuiltinModule('node:http');
    const request = module.request(url, {
      method,
      headers: {
        ...Object.fromEntries(headers),
        // Node frames no body of GET, HEAD, DELETE or OPTIONS: the server would read it as the next request.
        ...(body !== undefined && { 'content-length': String(body.length) }),
      },
      agent: wire.connections.get(url.protocol, reuse),
      lookup: wire.lookup,
      signal,
    });
    // Stays after the answer has come: what happens then also reaches the response, and an error that nobody hears ends the process.
    request.on('error', (error) => {
      const stale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(systemCode(error));
      reject(stale ? new StaleConnection() : error);
    });
    request.on('response', resolve);
    // A server that was not asked to may still switch protocols; nobody here could read what follows.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(Object.assign(new Error('the server switched to another protocol'), { code: 'HPE_UPGRADE' }));
    });
    request.end(body);
  });
}
