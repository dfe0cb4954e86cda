import { type Connection, ConnectionLost, connect } from '../connection/connection.ts';
import { isHopeless } from '../connection/errors.ts';
import type { Answer, Statement } from '../connection/exchange.ts';
import { refuseSharedSessions } from '../connection/pooler.ts';
import type { Settings } from '../connection/settings.ts';

export interface LinkOptions {
  settings: Settings;
  channel: string;
  schema: string;
  connectTimeout: number;
  timeout: number;
  /** So often a connection on which nothing happens is tried, in milliseconds: the other side may have gone without a word. */
  checkEvery: number;
  /** Whether it is to be there, and made anew when it breaks. */
  isWanted(): boolean;
  onPacket(packet: string): void;
  /** It is there again, or cannot be made; told each time that it changes. */
  onChange(trouble: unknown): void;
  /** Called with every look. */
  onLook(): void;
}

/** A connection that listens, and that is made anew whenever it is lost. */
export interface Link {
  /** Whether it is connected, as far as it knows. */
  readonly isUp: boolean;
  /** Of the connection: each has another one. */
  readonly number: number;
  /** Connects unless it is. @throws what pg or the server says; STORE_UNAVAILABLE for a pooler that does not fit */
  connect(): Promise<void>;
  /** Carries out statements after those before. @throws what the server says; ConnectionLost */
  run(statements: readonly Statement[]): Promise<Answer[]>;
  /** Makes a connection when one is wanted, and lets it go after a minute without being wanted. */
  attend(): void;
  close(): Promise<void>;
}

const idleTime = 60_000;
const pauses = { first: 100, longest: 5000 };

export function createLink(options: LinkOptions): Link {
  const { settings, channel, schema, connectTimeout, timeout, checkEvery } = options;
  let connection: Connection | undefined;
  let connecting: Promise<void> | undefined;
  let lane: Promise<unknown> = Promise.resolve();
  let pause: number = pauses.first;
  let again: NodeJS.Timeout | undefined;
  let check: NodeJS.Timeout | undefined;
  let unwantedSince: number | undefined;
  let heard = 0;
  let made = 0;
  let closed = false;
  let isPoolerFit = false;

  /** Begins to listen, with the settings of its session: behind a pooler that shares it out others would have both. */
  const begin = async (fresh: Connection): Promise<void> => {
    const text = `select set_config('search_path', $1, false), set_config('statement_timeout', $2, false),
      set_config('client_min_messages', 'warning', false)`;
    const values = [quoted(schema), String(timeout)];
    const direct = { text: `${text} where pg_backend_pid() = $3`, values: [...values, fresh.process] };
    const [answer] = await fresh.run([direct], timeout);
    if (answer!.count === 0) {
      if (!isPoolerFit) await refuseSharedSessions(fresh, settings, Math.min(timeout, connectTimeout));
      isPoolerFit = true;
      await fresh.run([{ text, values }], timeout);
    }
    await fresh.run([{ text: `listen ${quoted(channel)}` }], timeout);
  };

  const open = async (): Promise<void> => {
    try {
      const fresh = await connect(settings, connectTimeout);
      fresh.onNotification((from, packet) => {
        heard++;
        if (from === channel) options.onPacket(packet);
      });
      try {
        await begin(fresh);
      } catch (error) {
        await fresh.close();
        throw error;
      }
      if (closed) {
        await fresh.close();
        throw closedError();
      }
      connection = fresh;
      made++;
      fresh.onLost((error) => {
        connection = undefined;
        clearInterval(check);
        options.onChange(error);
        retry(0);
      });
      pause = pauses.first;
      check = setInterval(look, checkEvery).unref();
      options.onChange(undefined);
    } catch (error) {
      if (!closed) options.onChange(error);
      retry(isHopeless(error) ? pauses.longest : 0);
      throw error;
    }
  };

  const link: Link = {
    get isUp() {
      return connection?.alive === true;
    },
    get number() {
      return made;
    },
    connect() {
      if (connection?.alive) return Promise.resolve();
      if (closed) return Promise.reject(closedError());
      clearTimeout(again);
      again = undefined;
      connecting ??= open().finally(() => {
        connecting = undefined;
      });
      return connecting;
    },
    run(statements) {
      const turn = lane.then(async () => {
        await link.connect();
        return await connection!.run(statements, timeout);
      });
      lane = turn.catch(() => undefined);
      return turn;
    },
    attend() {
      if (closed || connection || again || connecting || !options.isWanted()) return;
      link.connect().catch(() => undefined);
    },
    async close() {
      closed = true;
      clearTimeout(again);
      clearInterval(check);
      await connection?.close();
      await connecting?.catch(() => undefined);
      await lane;
    },
  };

  const retry = (atLeast: number): void => {
    if (closed || again || !options.isWanted()) return;
    again = setTimeout(
      () => {
        again = undefined;
        link.attend();
      },
      Math.max(pause, atLeast),
    ).unref();
    pause = Math.min(pause * 2, pauses.longest);
  };

  /** How much had been heard when it was looked last. */
  let before = 0;
  /** Looks whether the connection is wanted, and whether it works unless that has just been seen. */
  const look = (): void => {
    if (options.isWanted()) unwantedSince = undefined;
    else unwantedSince ??= Date.now();
    if (unwantedSince !== undefined && Date.now() - unwantedSince >= idleTime) {
      clearInterval(check);
      void connection?.close();
      connection = undefined;
    } else if (heard === before) link.run([{ name: 'check', text: 'select 1' }]).catch(() => undefined);
    before = heard;
    options.onLook();
  };

  return link;
}

function closedError(): ConnectionLost {
  return new ConnectionLost(new Error('The event bus was closed.'), { sent: false });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
