import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { hasCode, type JsonObject, type LogLevel } from '@vwmp/core';
import type { Platform, Started } from '@vwmp/core/platform';
import { type WebSocket, WebSocketServer } from 'ws';
import { refuse } from '../app/error-answer.ts';
import type { Audit } from '../security/audit.ts';
import type { Authenticator, Principal } from '../security/authenticate.ts';
import { askerOf, type ClientAddress, createClientAddress } from '../security/client-address.ts';
import type { RateLimiter } from '../security/limits.ts';
import type { Origins } from '../security/origins.ts';
import { remoteOf } from '../security/remote.ts';
import { allows, type Role } from '../security/roles.ts';
import { authenticateSocket, protocol, readMessage, type SocketIdentity } from './authenticate-socket.ts';
import { Client } from './client.ts';
import { closeCodes, closingOf, resumeReason } from './close-codes.ts';
import { type Feeds, feedsOf } from './feed.ts';
import { invalid, readSocketRoute, type SocketRoute } from './socket-routes.ts';
import type { Item } from './wire.ts';
import { followWorkflow } from './workflow-feed.ts';

export interface SocketsOptions {
  readonly platform: Platform;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly origins: Pick<Origins, 'check'>;
  /** Told of executions that are started. */
  readonly audit?: Audit;
  /** How often sockets may be opened: by the id of the principal, or by the address of whoever has no valid key. */
  readonly limiter?: Pick<RateLimiter, 'take'>;
  /** @defaultValue where the connection comes from */
  readonly clientAddress?: ClientAddress;
  log?(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  readonly feeds?: Feeds;
  /** How often a sign of life is asked for, in milliseconds. Who gives none until the next time is gone. @defaultValue 30000 */
  readonly heartbeat?: number;
  /** Of what clients send, in bytes. @defaultValue 1 MiB */
  readonly maxPayload?: number;
  /** Sockets at a time. @defaultValue 10000 */
  readonly maxClients?: number;
  /** How long the first message may take, in milliseconds. @defaultValue 10000 */
  readonly patience?: number;
  /** How long nothing may get through to a client, in milliseconds. @defaultValue 30000 */
  readonly stallAfter?: number;
}

/** The sockets of a server. */
export interface Sockets {
  /** Takes over a connection that asks for `Upgrade: websocket`. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** How many are open. */
  readonly size: number;
  /** Tells all clients to come back, with where to go on, and resolves when they are gone. Idempotent. */
  close(): Promise<void>;
}

/** So many clients may be about to say who they are. */
const mostStrangers = 500;

interface Session {
  readonly client: Client;
  identity?: SocketIdentity;
}

/** Streams events to WebSockets: `docs/live.md` says how it looks from outside. */
export function createSockets(options: SocketsOptions): Sockets {
  const { platform, authenticator, origins, audit, limiter, log } = options;
  const { heartbeat = 30_000, maxPayload = 1024 * 1024, maxClients = 10_000 } = options;
  const { patience = 10_000, stallAfter = 30_000, clientAddress = createClientAddress([]) } = options;
  const feeds = options.feeds ?? feedsOf(platform);
  const sessions = new Set<Session>();
  /** Clients of which it is not known who they are, the oldest first. */
  const strangers = new Set<Client>();
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, maxPayload, autoPong: false },
    // It takes 64 KiB and more per socket.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });

  const beat = (): void => {
    for (const session of sessions) {
      session.client.beat();
      // A key that was taken back opens nothing any more. That it cannot be looked up is no reason to cut anyone off.
      session.identity?.check().catch((error: unknown) => {
        if (hasCode(error, 'API_KEY_INVALID')) void end(session.client, error);
      });
    }
  };

  const end = async (client: Client, error: unknown): Promise<void> => {
    // The import of an ES module would load web cryptography as well.
    const requestId = process.getBuiltinModule('node:crypto').randomUUID();
    const { code, reason, text, unexpected } = closingOf(error, requestId, client.position);
    if (unexpected)
      log?.('error', 'A socket was closed by an error.', { request_id: requestId, error: String(error) });
    await client.close(code, reason, text);
  };

  const take = (asker: string): void => {
    const { ok, retryAfter } = limiter?.take(asker) ?? { ok: true, retryAfter: 0 };
    if (!ok) throw refuse('RATE_LIMITED', 'Too many sockets were opened.', { retry_after: retryAfter });
  };

  /** Those that do not say who they are must not take the places of others. */
  const welcome = (client: Client): void => {
    strangers.add(client);
    const [oldest] = strangers;
    if (strangers.size > mostStrangers) {
      strangers.delete(oldest!);
      void oldest!.close(closeCodes.policy, 'too many have not said who they are');
    }
  };

  const serve = async (ws: WebSocket, socket: Duplex, request: IncomingMessage): Promise<void> => {
    const session: Session = { client: new Client(ws, socket, stallAfter) };
    const { client } = session;
    sessions.add(session);
    welcome(client);
    timer ??= setInterval(beat, heartbeat).unref();
    try {
      // Asked for while it has one: a connection that was cut has no address.
      const remote = remoteOf(request.socket);
      const identity = await authenticateSocket(request, client, authenticator, patience).catch(
        (error: unknown) => {
          // Who tries keys is slowed down.
          take(askerOf(clientAddress(request.headers, remote)));
          throw error;
        },
      );
      session.identity = identity;
      strangers.delete(client);
      take(identity.principal.id);
      await stream(client, readSocketRoute(request.url ?? '')!, identity.principal);
      await client.close(closeCodes.completed, 'completed');
    } catch (error) {
      await end(client, error);
    } finally {
      sessions.delete(session);
      strangers.delete(client);
      if (sessions.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    }
  };

  const stream = async (client: Client, route: SocketRoute, principal: Principal): Promise<void> => {
    const signal = client.gone;
    if (route.kind === 'workflow') {
      need(principal, 'viewer');
      const { workflowId, after, since } = route;
      if (!(await platform.workflows.get(workflowId))) throw noWorkflow(workflowId);
      const items = followWorkflow(platform, feeds, workflowId, { after, signal, ...(since && { since }) });
      for await (const { bytes } of items) await client.send(bytes);
      return;
    }
    if (route.kind === 'execution') {
      need(principal, 'viewer');
      return sendExecution(client, route.executionId, route.after);
    }
    need(principal, 'executor');
    const started = await start(client, route.workflowId);
    if (started === undefined) return;
    const { execution_id: id, created } = started;
    // It is no news by the time at which the audit log is written.
    const noted = created && audit?.(principal, 'execution.started', id, { workflow_id: route.workflowId });
    await Promise.all([noted, sendExecution(client, id, 0)]);
  };

  const sendExecution = async (client: Client, executionId: string, after: number): Promise<void> => {
    client.position = after;
    const follower = feeds.follow(executionId, after);
    const leave = (): void => follower.close();
    client.gone.addEventListener('abort', leave, { once: true });
    const push = (items: readonly Item[]): boolean => {
      let hasRoom = true;
      for (const { bytes, seq } of items) {
        hasRoom = client.push(bytes);
        client.position = seq;
      }
      return hasRoom;
    };
    try {
      if (client.gone.aborted) return;
      for (let batch = await follower.next(push); batch; batch = await follower.next(push)) {
        for (const { bytes, seq } of batch) {
          await client.send(bytes);
          client.position = seq;
        }
        await client.drained();
      }
    } finally {
      client.gone.removeEventListener('abort', leave);
      leave();
    }
  };

  const start = async (client: Client, workflowId: string): Promise<Started | undefined> => {
    const message = await firstMessage(client);
    if (message === undefined) return undefined;
    const { parameters = {}, idempotency_key: key, ...rest } = message;
    if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
      throw invalid('"parameters" is an object.');
    if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > 255))
      throw invalid('"idempotency_key" is a text of at most 255 characters.');
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw invalid(`There is no "${unknown.slice(0, 50)}" in the first message.`);
    const options = key === undefined ? {} : { idempotencyKey: key };
    return platform.start(workflowId, parameters as JsonObject, options);
  };

  /** @returns undefined when the client has gone */
  const firstMessage = async (client: Client): Promise<Record<string, unknown> | undefined> => {
    const text = await client.receive(patience);
    if (client.gone.aborted) return undefined;
    if (text === undefined) throw invalid('The first message says what to start with: {"parameters": {…}}.');
    const message = readMessage(text, platform.settings.api.maxDepth);
    // Said by clients that do not know whether it is needed.
    return message.type === 'authenticate' ? firstMessage(client) : message;
  };

  return {
    get size() {
      return sessions.size;
    },
    upgrade(request, socket, head) {
      // Until it is taken over nobody else would hear of its errors.
      socket.on('error', () => {});
      const refusal = refusalOf(request);
      if (refusal !== undefined) return turnAway(socket, refusal);
      server.handleUpgrade(request, socket, head, (ws) => void serve(ws, socket, request));
    },
    close() {
      closing ??= (async () => {
        const { goingAway } = closeCodes;
        await Promise.all(
          [...sessions].map(({ client }) =>
            client.close(goingAway, resumeReason('going away', client.position)),
          ),
        );
      })();
      return closing;
    },
  };

  /** Before the connection is taken over it is answered like any other request. */
  function refusalOf({ url = '', headers }: IncomingMessage): string | undefined {
    if (closing !== undefined || sessions.size >= maxClients) return '503 Service Unavailable';
    try {
      origins.check(headers);
    } catch {
      return '403 Forbidden';
    }
    try {
      return readSocketRoute(url) === undefined ? '404 Not Found' : undefined;
    } catch {
      // Browsers tell nobody why a connection was refused: what is wrong with it is said on the socket.
      return undefined;
    }
  }
}

function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function need({ name, role }: Principal, needed: Role): void {
  if (allows(role, needed)) return;
  throw refuse('FORBIDDEN', `The key "${name}" has the role "${role}", and "${needed}" is needed.`);
}

function noWorkflow(id: string): Error {
  return refuse('WORKFLOW_NOT_FOUND', `There is no workflow "${id}".`);
}
