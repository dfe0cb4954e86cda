import { type Answer, Exchange, type Statement } from './exchange.ts';
import type { Settings } from './settings.ts';

/** Nothing tells what became of what was sent, or it was not even sent. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** Whether the server may have had it. */
  readonly sent: boolean;
  /** Whether it was given up because the server said nothing. */
  readonly silent: boolean;

  constructor(cause: Error, { sent, silent = false }: { sent: boolean; silent?: boolean }) {
    super(cause.message, { cause });
    this.sent = sent;
    this.silent = silent;
  }
}

/** A session with the server, for one thing at a time. */
export interface Connection {
  /** False once it can't be used any more. */
  readonly alive: boolean;
  /** What the other side calls its process: a pooler between says another number than the server. */
  readonly process: number;
  /**
   * Carries out statements, or SQL of any number of them without values, as one transaction in one round trip.
   *
   * @param timeout - milliseconds, after which the connection is given up: a server that says nothing may be gone
   * @throws ConnectionLost, or what the server says
   */
  run(what: readonly Statement[] | string, timeout: number): Promise<Answer[]>;
  /** Calls back for each notification. */
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Calls back when it can't be used any more, unless it was closed. */
  onLost(listener: (error: Error) => void): void;
  /** Says goodbye; what is under way is given up. Idempotent. */
  close(): Promise<void>;
}

/** So many statements stay prepared. */
const mostPrepared = 200;
const tidy: Statement = { text: 'deallocate all' };

/** How long a server gets to notice a goodbye. */
const farewell = 1000;

/**
 * @param signal - gives it up
 * @throws what pg or the server says
 */
export async function connect(
  { server, applicationName }: Settings,
  timeout: number,
  signal?: AbortSignal,
): Promise<Connection> {
  // Loaded when it is needed first: 50 ms and 6 MB that who only names this package need not pay.
  const { Client, serializer } = await import('./driver.ts');
  const client = new Client({
    ...{ ...server, application_name: applicationName, connectionTimeoutMillis: timeout },
    ...{ keepAlive: true, keepAliveInitialDelayMillis: 30_000 },
  });
  const { connection: wire } = client;
  const prepared = new Set<string>();
  let reason: Error | undefined;
  let closing: Promise<void> | undefined;
  let turn: { exchange: Exchange; end(error?: Error): void } | undefined;
  let onLost: (error: Error) => void = () => undefined;

  const lose = (error: Error, silent = false): void => {
    if (reason) return;
    reason = turn?.exchange.failure ?? error;
    wire.stream.destroy();
    turn?.end(new ConnectionLost(reason, { sent: true, silent }));
    if (!closing) onLost(reason);
  };
  client.on('error', (error: Error) => lose(error));
  client.on('end', () => lose(new Error('The server closed the connection.')));
  wire.on('parseComplete', () => turn?.exchange.handleParseComplete());
  const ended = new Promise<void>((resolve) => void client.once('end', resolve));

  const giveUp = (): void => void wire.stream.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    await client.connect();
  } catch (error) {
    wire.stream.destroy();
    // pg says "timeout expired", and nothing of what.
    throw (error as Error).message === 'timeout expired' ? new Error(silence(timeout)) : error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  // After pg itself, which has been told by then that it may send again.
  wire.on('readyForQuery', () => turn?.end(turn.exchange.failure));

  return {
    get alive() {
      return reason === undefined && closing === undefined;
    },
    process: client.processID,
    run: (what, patience) =>
      new Promise((resolve, reject) => {
        if (reason || closing) {
          reject(new ConnectionLost(reason ?? new Error('The connection was closed.'), { sent: false }));
          return;
        }
        // Of forms of statements that were needed once, the server would keep the plans.
        const tidies = prepared.size > mostPrepared && typeof what !== 'string';
        if (tidies) prepared.clear();
        const exchange = new Exchange(tidies ? [tidy, ...what] : what, prepared, serializer);
        const watch = setTimeout(() => {
          lose(new Error(silence(patience)), true);
        }, patience);
        // The socket keeps the process alive, as long as it is open.
        watch.unref();
        turn = {
          exchange,
          end(error) {
            clearTimeout(watch);
            turn = undefined;
            if (error) reject(error);
            else resolve(tidies ? exchange.answers.slice(1) : exchange.answers);
          },
        };
        client.query(exchange);
      }),
    onNotification(listener) {
      client.on('notification', ({ channel, payload = '' }: { channel: string; payload?: string }) =>
        listener(channel, payload),
      );
    },
    onLost(listener) {
      onLost = listener;
    },
    close() {
      closing ??= (async () => {
        if (turn) lose(new Error('The connection was closed.'));
        if (reason) wire.stream.destroy();
        else void client.end();
        // A server that is frozen does not answer to a goodbye either.
        const hurry = setTimeout(() => wire.stream.destroy(), farewell).unref();
        await ended;
        clearTimeout(hurry);
      })();
      return closing;
    },
  };
}

/** What is said of a server that takes a connection, or something to do, and says nothing. */
export function silence(time: number): string {
  return `It has not answered for ${time / 1000} s. Look whether it runs, is overloaded, or something in between swallows everything.`;
}
