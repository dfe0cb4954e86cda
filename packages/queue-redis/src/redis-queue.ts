import { hasCode, VwmpError } from '@vwmp/core';
import type { Logger, QueueBackend, Task } from '@vwmp/core/ports';
import { Asking } from './asking.ts';
import type { Fetched } from './bullmq/outcome.ts';
import { QueueCommands } from './bullmq/queue-commands.ts';
import { Channel, type ChannelContext, longestWait } from './channel.ts';
import { readEndpoint } from './endpoint.ts';
import { isOutOfMemory } from './errors.ts';
import type { Held } from './held.ts';
import { type Ending, Holdings } from './holdings.ts';
import { createGate } from './lifecycle.ts';
import { Link } from './link.ts';
import { type Driver, loadDriver } from './load-driver.ts';
import type { RedisConnectionOptions } from './options.ts';
import { OutageLog } from './outage-log.ts';
import { toText } from './payload.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { RedisConsumer } from './redis-consumer.ts';
import { Requests } from './requests.ts';
import { checkServer } from './server.ts';
import { createIds } from './task-id.ts';

export interface RedisQueueOptions extends RedisConnectionOptions {
  /**
   * The beginning of all keys, so that several platforms can share one Redis. It is put in braces, which keeps all of them on one
   * node of a cluster.
   *
   * @defaultValue 'vwmp'
   */
  prefix?: string;
  /**
   * How long a task stays with a process that gives no sign of life, in milliseconds. Then it is given out again, after another
   * half to a whole of this time.
   *
   * @defaultValue 30_000
   */
  lock?: number;
  /**
   * How many dead letters of a queue are kept; the oldest go first.
   *
   * @defaultValue 10_000
   */
  deadLimit?: number;
  /**
   * How large a payload may be, in bytes of JSON. A larger one is refused as VALUE_INVALID.
   *
   * @defaultValue 1_048_576
   */
  payloadLimit?: number;
  /**
   * How long `close` waits for tasks that run, in milliseconds. Those that still run then are handed back, and
   * their signal aborts.
   *
   * @defaultValue 30_000
   */
  gracePeriod?: number;
  /** Told when Redis goes and when it is back. */
  logger?: Logger;
}

/**
 * Makes a queue that any number of processes share through Redis (6.2 or newer), on the data structures of BullMQ 6.
 *
 * @throws SETTINGS_INVALID
 * @example
 * ```ts
 * const queue = createRedisQueue({ url: 'redis://127.0.0.1:6379', prefix: 'shop' });
 * await queue.open();
 * queue.consume('mails', { concurrency: 4 }, async ({ payload }) => send(payload));
 * await queue.enqueue('mails', { name: 'welcome', payload: { to: 'ana@example.test' } }, { attempts: 3 });
 * ```
 */
export function createRedisQueue(options: RedisQueueOptions = {}): QueueBackend {
  const endpoint = readEndpoint(options);
  const {
    lock = 30_000,
    deadLimit = 10_000,
    payloadLimit = 1_048_576,
    gracePeriod = 30_000,
    logger,
  } = options;
  const prefix = bracedPrefix(options.prefix ?? 'vwmp');
  const { timeout } = endpoint;
  /** Lists the queues. */
  const home = `${prefix}:queues`;
  const outages = new OutageLog(logger, `Redis of the queue (${endpoint.name})`);
  const requests = new Requests(endpoint);
  const ids = createIds();
  const asking = new Asking();
  const channels = new Map<string, Channel>();
  const consumers = new Set<RedisConsumer>();
  /** Of what became of tasks: what is handed back before Redis has heard of it would be run again. */
  const telling = new Set<Promise<unknown>>();
  /** Queues that Redis knows of, as of this connection. */
  const registered = new Set<string>();
  let driver: Driver | undefined;
  let timers: NodeJS.Timeout[] = [];

  const channelOf = (queue: string): Channel => {
    let channel = channels.get(queue);
    if (!channel) {
      const commands = new QueueCommands(requests, { prefix, queue, lock, deadLimit, newToken: ids });
      channel = new Channel(queue, commands, context);
      channels.set(queue, channel);
    }
    return channel;
  };
  const commandsOf = (queue: string): QueueCommands => channelOf(queue).commands;

  const holdings = new Holdings(commandsOf);
  const context: ChannelContext = {
    isUp: () => requests.isUp,
    hold: (held) => holdings.add(held),
    process: ids(),
    listen: (onUp) =>
      new Link({
        ...{ endpoint, outages, home, onUp, place: requests.link?.place },
        create: driver!.createRedis,
        silence: longestWait * 1000 + timeout,
      }),
  };

  const register = async (queue: string): Promise<void> => {
    if (registered.has(queue)) return;
    registered.add(queue);
    await commandsOf(queue)
      .register()
      .catch((error: unknown) => {
        registered.delete(queue);
        throw error;
      });
  };

  const stay = (): void => {
    for (const channel of channels.values()) channel.stay();
  };

  /** Keeps what is held, and finds what others have lost, from the first time that something is taken here. */
  const watch = (): void => {
    if (timers.length > 0) return;
    const every = (milliseconds: number, work: () => Promise<unknown>): NodeJS.Timeout =>
      setInterval(() => {
        if (requests.isUp) work().catch(() => {});
      }, milliseconds).unref();
    timers = [
      every(lock / 3, () => {
        stay();
        return holdings.renew();
      }),
      every(lock / 2, () => Promise.all([...channels.values()].map(({ commands }) => commands.recover()))),
    ];
  };

  /** Says what became of a job, through an outage. */
  const end = async (
    held: Held,
    ending: Ending,
    fetchNext: boolean,
    patient: () => boolean,
  ): Promise<Fetched | undefined> => {
    for (;;) {
      try {
        return await holdings.end(held, ending, fetchNext);
      } catch (error) {
        const { queue, job } = held;
        const fields = { queue, task_id: job.id };
        if (hasCode(error, 'NOT_FOUND')) {
          const message = `Task "${job.id}" of queue "${queue}" had been given to someone else when it ended here.`;
          if (held.state === 'lost') logger?.log('warn', message, fields);
          return undefined;
        }
        if (!hasCode(error, 'QUEUE_UNAVAILABLE')) {
          const message = `The end of task "${job.id}" of queue "${queue}" could not be told to Redis. It will be run again.`;
          logger?.log('error', message, { ...fields, error: String(error) });
          return undefined;
        }
        if (!patient()) return undefined;
        // An answer that Redis gave must not make this spin.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };

  const gate = createGate(
    'Redis queue',
    async (signal) => {
      driver = await loadDriver(endpoint);
      signal.throwIfAborted();
      const onUp = (): void => {
        registered.clear();
        stay();
        // Before others conclude from the outage that nobody holds what we hold.
        holdings.renew().catch(() => {});
        for (const { commands } of channels.values()) commands.reclaim().catch(() => {});
      };
      const link = new Link({
        ...{ endpoint, outages, home, onUp },
        create: driver.createScriptedRedis,
        silence: timeout,
      });
      requests.link = link;
      signal.addEventListener('abort', () => void link.close());
      try {
        await requests.insist(() => requests.run((redis) => checkServer(redis, home, endpoint.name, logger)));
      } catch (error) {
        await link.close();
        throw error;
      }
    },
    async () => {
      const late = Promise.withResolvers<void>();
      const patience = setTimeout(late.resolve, gracePeriod);
      const ended = Promise.all([
        ...[asking.close(), Promise.allSettled(telling)],
        ...[...consumers].map((consumer) => consumer.close()),
      ]);
      await Promise.race([ended, late.promise]);
      clearTimeout(patience);
      for (const timer of timers) clearInterval(timer);
      await holdings.release(requests.isUp);
      await Promise.all([...channels.values()].map((channel) => channel.close()));
      await requests.link?.close();
    },
  );

  const endNow = async (task: Task, ending: Ending): Promise<void> => {
    const held = holdings.find(task);
    if (held.state === 'completed' && ending.how === 'completed') return;
    const told = requests.insist(() => holdings.end(held, ending, false));
    telling.add(told);
    await told.finally(() => telling.delete(told));
  };

  return {
    open: gate.open,
    close: gate.close,

    async enqueue(queue, task, enqueueOptions = {}) {
      gate.check();
      const stored = { name: task.name, payload: toText(queue, task, payloadLimit) };
      const id = ids();
      const channel = channelOf(queue);
      try {
        return await requests.insist(async () => {
          const [, added] = await Promise.all([register(queue), channel.add(id, stored, enqueueOptions)]);
          return added;
        });
      } catch (error) {
        if (!isOutOfMemory((error as Error).cause)) throw error;
        const message = `Queue "${queue}" is full: Redis at ${endpoint.name} has no memory left. Give it more (maxmemory), or consume faster.`;
        throw new VwmpError('QUEUE_FULL', message, { details: { queue }, cause: error });
      }
    },

    async withdraw(queue, dedupe) {
      gate.check();
      // Not tried again: what was taken back is not known any more.
      return commandsOf(queue).withdraw(dedupe);
    },

    async getTask(queue, span) {
      gate.check();
      watch();
      const held = await asking.take(channelOf(queue), span);
      return held && holdings.give(held);
    },

    async markComplete(task) {
      gate.check();
      await endNow(task, { how: 'completed' });
    },

    async markFailed(task, error) {
      gate.check();
      await endNow(task, { how: 'failed', error });
    },

    consume(queue, consumeOptions, process) {
      gate.check();
      const channel = channelOf(queue);
      watch();
      void register(queue).catch(() => {});
      const consumer = new RedisConsumer(channel, consumeOptions, process, {
        give: (held) => holdings.give(held),
        end,
      });
      consumers.add(consumer);
      channel.join(consumer);
      void channel.want(consumer);
      return {
        async close() {
          await consumer.close();
          consumers.delete(consumer);
        },
      };
    },

    async counts(queue) {
      gate.check();
      return requests.insist(() => commandsOf(queue).counts());
    },

    async pause(queue) {
      gate.check();
      await requests.insist(() => Promise.all([register(queue), commandsOf(queue).pause(true)]));
    },

    async resume(queue) {
      gate.check();
      await requests.insist(() => commandsOf(queue).pause(false));
    },

    async queues() {
      gate.check();
      const names = await requests.insist(() => requests.run((redis) => redis.smembers(home)));
      return names.sort();
    },

    async ping() {
      gate.check();
      // A write: a replica or a full disk answers reads.
      await requests.run((redis) => redis.set(`${prefix}:ping`, '1', 'PX', 60_000));
      for (const channel of channels.values()) {
        if (!channel.isUp)
          throw requests.refuse(
            new Error(`queue "${channel.name}" cannot be listened to, ${channel.reason}`),
          );
      }
    },

    async dead(queue, query) {
      gate.check();
      return requests.insist(() => readDeadLetters(queue, commandsOf(queue).dead, query));
    },

    async retryDead(queue, taskId) {
      gate.check();
      if (!(await commandsOf(queue).dead.revive(taskId))) throw noDeadLetter(queue, taskId);
    },

    async discardDead(queue, taskId) {
      gate.check();
      // Not tried again: what was removed is not known any more.
      if (!(await commandsOf(queue).dead.discard(taskId))) throw noDeadLetter(queue, taskId);
    },
  };
}

function noDeadLetter(queue: string, taskId: string): VwmpError {
  const message = `Queue "${queue}" has no dead letter "${taskId}". It may have been retried or discarded already.`;
  return new VwmpError('NOT_FOUND', message, { retryable: false });
}

function bracedPrefix(prefix: string): string {
  return /\{.+\}/.test(prefix) ? prefix : `{${prefix.replace(/[{}]/g, '')}}`;
}
