import { VwmpError } from '@vwmp/core';
import { type Connection, ConnectionLost, connect, silence } from './connection.ts';
import { isHopeless, isStale } from './errors.ts';
import type { Answer, Statement } from './exchange.ts';
import type { Settings } from './settings.ts';

export interface PoolOptions {
  settings: Settings;
  /** At most so many connections. */
  size: number;
  /** So many milliseconds one waits at most for a connection. */
  connectTimeout: number;
  /** So many milliseconds a statement may take. */
  timeout: number;
  /** What every new connection begins with. */
  prepare(connection: Connection): Promise<void>;
  /** Told why connecting does not work any more, and with undefined that it works again. */
  onChange?(trouble: unknown): void;
}

/** Connections that are made when they are needed, and given up when they were not needed for a minute. */
export interface Pool {
  /**
   * Carries out statements as one transaction.
   *
   * @throws what the server says; ConnectionLost
   */
  run(what: readonly Statement[] | string): Promise<Answer[]>;
  /**
   * The same for what only reads: it is done again when the connection breaks, and leaves a connection for what
   * writes.
   */
  read(what: readonly Statement[]): Promise<Answer[]>;
  /** Lends a connection for several things in a row. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Like `read`, but fails as soon as it is known that there is no connection. */
  probe(what: readonly Statement[], timeout: number): Promise<Answer[]>;
  /** Lets nobody wait for a server that is away, and gives what is under way only a few seconds more. */
  hurry(): void;
  /** Gives up what is under way. Idempotent. */
  close(): Promise<void>;
}

interface Waiter {
  take(connection: Connection): void;
  fail(error: unknown): void;
  /** Waits on while connecting does not work. */
  patient: boolean;
  reads: boolean;
}

const idleTime = 60_000;
const patienceAtClose = 3000;
const pauses = { first: 50, longest: 1000 };

export function createPool(options: PoolOptions): Pool {
  const { settings, size, connectTimeout, timeout, prepare } = options;
  const all = new Set<Connection>();
  /** The one used last at the end, so that superfluous ones gather at the beginning. */
  const idle: { connection: Connection; since: number }[] = [];
  const waiting = new Set<Waiter>();
  const opening = new Set<Promise<void>>();
  let reading = 0;
  /** Why connecting did not work last time, and how long to wait before the next. */
  let trouble: unknown;
  let pause = 0;
  let resting: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let closed = false;
  let hurried: NodeJS.Timeout | undefined;
  const abort = new AbortController();

  const mayRead = (): boolean => reading < Math.max(size - 1, 1);

  const open = async (): Promise<void> => {
    try {
      const connection = await connect(settings, connectTimeout, abort.signal);
      try {
        await prepare(connection);
      } catch (error) {
        await connection.close();
        throw error;
      }
      if (trouble !== undefined) options.onChange?.(undefined);
      trouble = undefined;
      pause = 0;
      all.add(connection);
      connection.onLost(() => void all.delete(connection));
      give(connection);
    } catch (error) {
      if (trouble === undefined && !closed) options.onChange?.(error);
      trouble = error;
      pause = Math.min(Math.max(pause * 2, pauses.first), pauses.longest);
      for (const waiter of [...waiting]) if (!waiter.patient || isHopeless(error)) waiter.fail(error);
    }
  };

  /** Opens connections for those who wait, one at a time while that does not work. */
  const grow = (): void => {
    while (!closed && !resting && opening.size < waiting.size && all.size + opening.size < size) {
      if (trouble !== undefined && opening.size > 0) return;
      const attempt = open().then(() => {
        opening.delete(attempt);
        if (trouble === undefined || resting || closed) grow();
        else {
          resting = setTimeout(() => {
            resting = undefined;
            grow();
          }, pause).unref();
        }
      });
      opening.add(attempt);
    }
  };

  const give = (connection: Connection): void => {
    if (!connection.alive || closed) {
      all.delete(connection);
      void connection.close();
      grow();
      return;
    }
    for (const waiter of waiting) {
      if (waiter.reads && !mayRead()) continue;
      waiter.take(connection);
      return;
    }
    idle.push({ connection, since: Date.now() });
    sweeping ??= setInterval(sweep, idleTime).unref();
  };

  const sweep = (): void => {
    const now = Date.now();
    while (idle.length > 0 && now - idle[0]!.since >= idleTime) {
      const { connection } = idle.shift()!;
      all.delete(connection);
      void connection.close();
    }
    if (all.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  };

  const borrow = ({ patient = true, reads = false, patience = connectTimeout }): Promise<Connection> => {
    if (closed) return Promise.reject(closedError());
    if (!reads || mayRead()) {
      for (let last = idle.pop(); last; last = idle.pop()) {
        if (last.connection.alive) return Promise.resolve(last.connection);
      }
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(watch);
        waiting.delete(waiter);
      };
      const waiter: Waiter = {
        ...{ patient, reads },
        take(connection) {
          leave();
          resolve(connection);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const watch = setTimeout(() => {
        waiter.fail(trouble ?? new Error(all.size === 0 ? silence(patience) : busy(patience, size)));
      }, patience);
      waiting.add(waiter);
      grow();
    });
  };

  /** @param again - whether an error allows to do it again, on another connection */
  const attempt = async <T>(
    how: Parameters<typeof borrow>[0],
    work: (connection: Connection) => Promise<T>,
    again: (error: unknown) => boolean,
  ): Promise<T> => {
    for (let attempts = 1; ; attempts++) {
      const connection = await borrow(how);
      if (how.reads) reading++;
      let spoilt = true;
      try {
        const result = await work(connection);
        spoilt = false;
        return result;
      } catch (error) {
        spoilt = isStale(error);
        if (attempts > size || !again(error)) throw error;
      } finally {
        if (how.reads) reading--;
        if (spoilt) void connection.close();
        give(connection);
      }
    }
  };

  const canRepeat = (error: unknown): boolean =>
    isStale(error) || (error instanceof ConnectionLost && !error.silent);

  return {
    run: (what) => attempt({}, (connection) => connection.run(what, timeout), isStale),
    read: (what) => attempt({ reads: true }, (connection) => connection.run(what, timeout), canRepeat),
    use: (work) => attempt({}, work, () => false),
    probe: (what, patience) =>
      attempt({ patient: false, patience }, (connection) => connection.run(what, patience), canRepeat),
    hurry() {
      if (trouble !== undefined) for (const waiter of [...waiting]) waiter.fail(closedError());
      hurried ??= setTimeout(() => void close(), patienceAtClose).unref();
    },
    close,
  };

  async function close(): Promise<void> {
    closed = true;
    abort.abort();
    clearTimeout(hurried);
    clearTimeout(resting);
    clearInterval(sweeping);
    for (const waiter of [...waiting]) waiter.fail(closedError());
    await Promise.all([...all].map((connection) => connection.close()));
    await Promise.all(opening);
  }
}

function closedError(): VwmpError {
  return new VwmpError('CLOSED', 'The storage has been closed. Make a new one.', { retryable: false });
}

function busy(time: number, size: number): string {
  return `No connection became free within ${time / 1000} s: all ${size} are busy. Look what with (pg_stat_activity), or raise the pool size.`;
}
