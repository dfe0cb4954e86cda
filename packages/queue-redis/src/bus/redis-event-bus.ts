import type { ExecutionEvent } from '@vwmp/core';
import { createAudience, createMemoryEventBus } from '@vwmp/core/memory';
import type { EventBus, Logger } from '@vwmp/core/ports';
import { readEndpoint } from '../endpoint.ts';
import { isInterruption, unavailable, withoutCommand } from '../errors.ts';
import { createGate } from '../lifecycle.ts';
import { Link } from '../link.ts';
import { type Driver, loadDriver } from '../load-driver.ts';
import type { RedisConnectionOptions } from '../options.ts';
import { OutageLog } from '../outage-log.ts';
import { Outbox, readMessage } from './outbox.ts';
import { createPresence } from './presence.ts';
import { Subscriptions } from './subscriptions.ts';

export interface RedisEventBusOptions extends RedisConnectionOptions {
  /**
   * Keeps several platforms on one Redis apart.
   *
   * @defaultValue 'vwmp'
   */
  prefix?: string;
  /**
   * How many events wait while Redis is away; of more the oldest are dropped.
   *
   * @defaultValue 10_000
   */
  bufferLimit?: number;
  /** Told of listeners that throw, and when Redis goes and is back. */
  logger?: Logger;
}

/**
 * Makes a bus that carries events between processes through Redis (pub/sub). Whoever listens in this process gets events
 * directly, also while Redis is away.
 *
 * @throws SETTINGS_INVALID
 * @example
 * ```ts
 * const bus = createRedisEventBus({ url: 'redis://127.0.0.1:6379', prefix: 'shop' });
 * await bus.open();
 * const end = bus.subscribe(undefined, ({ execution_id, event }) => console.log(execution_id, event));
 * ```
 */
export function createRedisEventBus(options: RedisEventBusOptions = {}): EventBus {
  const endpoint = readEndpoint(options);
  const { prefix = 'vwmp', bufferLimit = 10_000, logger } = options;
  const { timeout } = endpoint;
  // Channels are the same in all databases of a server.
  const base = `${prefix}:${endpoint.redis.db}`;
  const sender = Math.random().toString(36).slice(2);
  const outages = new OutageLog(logger, `Redis of the event bus (${endpoint.name})`);
  const hub = createMemoryEventBus({ logger });
  /** Each has a function of its own. */
  const resumers = new Set<() => void>();
  let link: Link | undefined;
  let driver: Driver | undefined;

  const events = `${base}:events`;
  const wakeChannel = (worker: string): string => `${base}:wake:${worker}`;

  const receive = (channel: string, message: string): void => {
    for (const item of readMessage(message, sender)) {
      if (channel === presence.channel) audience.heard();
      else if (channel === events) {
        if (isEvent(item)) hub.publish(item);
      } else if (typeof item === 'string') {
        hub.wake(channel.slice(wakeChannel('').length), item);
      }
    }
  };

  const outbox = new Outbox({
    ...{ sender, limit: bufferLimit, isUp: () => link?.isUp === true },
    async send(channel, message) {
      const redis = await link!.ready(0);
      await redis.publish(channel, message);
    },
  });

  const subscriptions = new Subscriptions(
    (onUp) =>
      new Link({
        ...{ endpoint, outages, onUp, silence: timeout },
        create(redisOptions) {
          const redis = driver!.createRedis({ ...redisOptions, autoResubscribe: false });
          return redis.on('message', (channel: string, message: string) => {
            // What arrives while it closes is for nobody.
            try {
              receive(channel, message);
            } catch {}
          });
        },
      }),
    () => {
      presence.confirmed();
      // What was told before is lost.
      audience.unsure();
      for (const tell of [...resumers]) tell();
    },
  );

  const presence = createPresence({
    ...{ base, sender, events, subscriptions },
    announce: (channel) => outbox.add(channel, '1'),
    redis: () => link!.ready(0),
  });
  const audience = createAudience({
    send: (event) => outbox.add(events, JSON.stringify(event)),
    ask: () => presence.ofOthers(),
    hears: () => subscriptions.hears(presence.channel),
  });

  const available = async <T>(work: () => Promise<T>, reason: () => string): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const error = withoutCommand(thrown);
      const cause = isInterruption(error) ? new Error(reason(), { cause: error }) : error;
      throw unavailable('BUS_UNAVAILABLE', endpoint, cause);
    }
  };

  const publishes = async (): Promise<void> => {
    await available(
      async () => {
        const redis = await link!.ready(timeout);
        await redis.publish(`${base}:ping`, '');
      },
      () => link?.reason ?? '',
    );
  };

  const gate = createGate(
    'Redis event bus',
    async (signal) => {
      driver = await loadDriver(endpoint);
      signal.throwIfAborted();
      const { createRedis } = driver;
      link = new Link({
        endpoint,
        outages,
        create: createRedis,
        silence: timeout,
        onUp: () => outbox.resume(),
      });
      const opened = link;
      signal.addEventListener('abort', () => void opened.close());
      try {
        await publishes();
        await hub.open();
      } catch (error) {
        await link.close();
        link = undefined;
        throw error;
      }
    },
    async () => {
      await hub.close();
      audience.close();
      presence.close();
      await outbox.settled();
      await subscriptions.close();
      await link?.close();
    },
  );

  return {
    open: gate.open,
    close: gate.close,

    publish(event) {
      gate.check();
      // Sent before it is delivered here: what listeners publish comes after it.
      audience.publish(event);
      hub.publish(event);
    },

    subscribe(executionId, listener) {
      gate.check();
      const end = hub.subscribe(executionId, listener);
      const leave = presence.enter();
      return () => {
        end();
        leave();
      };
    },

    onResume(listener) {
      const own = (): void => listener();
      resumers.add(own);
      return () => void resumers.delete(own);
    },

    wake(worker, executionId) {
      gate.check();
      // Also without the server; what comes back then tells once more.
      hub.wake(worker, executionId);
      outbox.add(wakeChannel(worker), JSON.stringify(executionId));
    },

    onWake(worker, listener) {
      gate.check();
      const end = hub.onWake(worker, listener);
      const endChannels = subscriptions.add(presence.channel, wakeChannel(worker));
      let active = true;
      return () => {
        if (!active) return;
        active = false;
        end();
        endChannels();
      };
    },

    async ping() {
      gate.check();
      await publishes();
      await available(
        () => subscriptions.ready(timeout),
        () => subscriptions.reason,
      );
    },
  };
}

function isEvent(item: unknown): item is ExecutionEvent {
  const { event, execution_id } = (item ?? {}) as Record<string, unknown>;
  return typeof event === 'string' && typeof execution_id === 'string';
}
