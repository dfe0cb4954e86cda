import { type EventBus, type ExecutionEvent, type Logger, VwmpError } from '@vwmp/core';
import { createAudience, createMemoryEventBus } from '@vwmp/core/memory';
import { eventOf, toText } from 'db-common';
import { toStoreError } from '../connection/errors.ts';
import { readSettings } from '../connection/settings.ts';
import { type PostgresConnectionOptions, withDefaults } from '../options.ts';
import { createInbox } from './inbox.ts';
import { createLink } from './link.ts';
import { createOutbox } from './outbox.ts';
import { type Item, isFrom, largestItem, writeEvent } from './packet.ts';
import { createPresence } from './presence.ts';

/** So long closing waits for what was published, in milliseconds. */
const farewell = 1000;

export interface PostgresEventBusOptions extends PostgresConnectionOptions {
  /** Told of listeners that throw, of outages and of what is lost by them. */
  logger?: Logger;
  /**
   * So often a connection on which nothing happens is tried, in milliseconds: the server may have gone without a word.
   *
   * @defaultValue 15000
   */
  checkEvery?: number;
}

/**
 * Carries events between processes with LISTEN and NOTIFY of PostgreSQL: no other server is needed. It takes one connection, which
 * is let go of after a minute in which nobody listens. An outage of the server costs the events of that time.
 *
 * Its storage is in the same database and schema: what is too large for a notification is read there.
 *
 * @example
 * ```ts
 * const bus = createPostgresEventBus({ url: 'postgres://vwmp:secret@localhost/vwmp' });
 * await bus.open();
 * ```
 * @throws SETTINGS_INVALID when the URL cannot be read
 */
export function createPostgresEventBus(given: PostgresEventBusOptions): EventBus {
  const { schema, connectTimeout, timeout, url, tls, logger, checkEvery = 15_000 } = withDefaults(given);
  const settings = readSettings(url, tls);
  const channel = channelOf(schema);
  const sender = Math.random().toString(36).slice(2, 12);
  const hub = createMemoryEventBus({ logger });
  /** How many watch an execution, or all of them. */
  const watched = new Map<string | undefined, number>();
  const wakers = new Map<string, number>();
  /** Each has a function of its own. */
  const resumers = new Set<() => void>();
  let down = false;
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const link = createLink({
    ...{ settings, channel, schema, connectTimeout, timeout, checkEvery },
    isWanted: () => watched.size + wakers.size > 0 || !outbox.isEmpty(),
    onPacket(packet) {
      if (isOpen() && !isFrom(packet, sender)) inbox.add(packet);
    },
    onChange(trouble) {
      if (trouble !== undefined && !down) {
        const error = unavailable(trouble);
        logger?.log('warn', 'The event bus is cut off: events do not reach other processes.', {
          error: error.message,
        });
      } else if (trouble === undefined && down) logger?.log('info', 'The event bus is connected again.');
      down = trouble !== undefined;
      presence.renew();
      audience.unsure();
      if (down) return;
      outbox.resume();
      for (const tell of [...resumers]) tell();
    },
    onLook: () => presence.tidy(),
  });
  const outbox = createOutbox({
    ...{ link, channel, sender },
    onLoss: (error) =>
      logger?.log(
        'warn',
        'Events did not reach other processes; whoever watches reads them from the store.',
        {
          error: unavailable(error).message,
        },
      ),
  });
  const presence = createPresence({
    ...{ link, schema },
    isHere: () => watched.size > 0,
    announce: () => outbox.add('[2]'),
  });
  const audience = createAudience({
    hears: () => link.isUp,
    ask: () => presence.ofOthers(),
    send(event) {
      const item = isOpen() ? writeEvent(event) : undefined;
      if (item !== undefined) outbox.add(item);
    },
  });
  const inbox = createInbox({
    isWatched: (id) => watched.has(id) || watched.has(undefined),
    // It may have been closed while something was read.
    deliver(event) {
      if (isOpen()) hub.publish(event);
    },
    wake(worker, id) {
      if (isOpen()) hub.wake(worker, id);
    },
    heard: () => audience.heard(),
    async read(executionId, seq) {
      const text = 'select timestamp, body from events where execution_id = $1 and seq = $2::bigint';
      const id = toText(executionId);
      try {
        const [answer] = await link.run([{ name: 'event', text, values: [id, seq] }]);
        const [timestamp, body] = answer!.rows[0] ?? [];
        return body == null
          ? undefined
          : eventOf({ execution_id: id, seq, timestamp: Number(timestamp), body });
      } catch {
        return undefined;
      }
    },
  });

  const unavailable = (error: unknown): VwmpError => {
    const { message, retryable, cause } = toStoreError(error, settings) as VwmpError;
    return new VwmpError('BUS_UNAVAILABLE', message, { retryable, cause });
  };
  const available = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const isOwn = error instanceof VwmpError && error.code !== 'STORE_UNAVAILABLE';
      throw isOwn ? error : unavailable(error);
    }
  };

  /** Counts a subscription. @returns what ends it, once */
  const count = <K>(counts: Map<K, number>, key: K, end: () => void): (() => void) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    link.attend();
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      end();
      const rest = counts.get(key)! - 1;
      if (rest > 0) counts.set(key, rest);
      else counts.delete(key);
    };
  };

  const send = (item: Item): void => {
    const text = JSON.stringify(item);
    if (Buffer.byteLength(text) <= largestItem) outbox.add(text);
  };

  return {
    async open() {
      if (closing !== undefined) await hub.open();
      opening ??= available(async () => {
        await link.connect();
        await hub.open();
      }).catch(async (error: unknown) => {
        opening = undefined;
        // Then nothing else is to be told.
        if (closing !== undefined) await hub.open();
        throw error;
      });
      await opening;
    },
    async close() {
      closing ??= (async () => {
        await hub.close();
        audience.close();
        const late = Promise.withResolvers<void>();
        const patience = setTimeout(late.resolve, farewell).unref();
        await Promise.race([outbox.settled(), late.promise]);
        clearTimeout(patience);
        await link.close();
        await inbox.settled();
        watched.clear();
        wakers.clear();
      })();
      await closing;
    },
    publish(event: ExecutionEvent) {
      // Whoever listens here has it at once. It is sent first: what listeners publish comes after it.
      if (isOpen()) audience.publish(event);
      hub.publish(event);
    },
    subscribe: (executionId, listener) => {
      const end = hub.subscribe(executionId, listener);
      const uncount = count(watched, executionId, end);
      presence.renew();
      return uncount;
    },
    onResume(listener) {
      const own = (): void => listener();
      resumers.add(own);
      return () => void resumers.delete(own);
    },
    wake(worker, executionId) {
      hub.wake(worker, executionId);
      send([1, worker, executionId]);
    },
    onWake: (worker, listener) => {
      const end = hub.onWake(worker, listener);
      return count(wakers, worker, end);
    },
    ping: () =>
      available(async () => {
        await hub.ping();
        await link.run([{ name: 'check', text: 'select 1' }]);
      }),
  };

  function isOpen(): boolean {
    return opening !== undefined && closing === undefined;
  }
}

/** The name of a channel has at most 63 bytes. */
function channelOf(schema: string): string {
  const name = `vwmp.${schema}`;
  if (Buffer.byteLength(name) < 64) return name;
  const { hash } = process.getBuiltinModule('node:crypto');
  return `vwmp.${hash('sha256', schema, 'hex').slice(0, 40)}`;
}
