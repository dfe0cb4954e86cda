import type { QueuePlace } from '@vwmp/adapter-tests';
import type { QueueBackend } from '@vwmp/core/ports';
import type { RedisServer } from '@vwmp/test-servers';
import { Redis } from 'ioredis';
import { QueueCommands } from '../src/bullmq/queue-commands.ts';
import { scripts } from '../src/bullmq/scripts.ts';
import { createRedisQueue, type RedisQueueOptions } from '../src/index.ts';

let places = 0;

/** Queues with a prefix of their own. */
export function redisPlace(server: RedisServer, options: RedisQueueOptions = {}): QueuePlace {
  const prefix = `{test-${++places}}`;
  const lock = 6000;
  const redis = new Redis(server.url, { lazyConnect: true, scripts });
  const runner = {
    script: (name: string, args: unknown[]) =>
      (redis as unknown as Record<string, (args: unknown[]) => Promise<unknown>>)[name]!(args),
    command: (name: string, ...args: (string | number)[]) => redis.call(name, ...args),
    mayBeDone: () => false,
  };
  return {
    make: () => createRedisQueue({ url: server.url, prefix, lock, ...options }),
    /** The locks run out, and whoever looks after that does so. */
    async expire(queue: QueueBackend) {
      for (const name of await queue.queues()) {
        const commands = new QueueCommands(runner, {
          prefix,
          queue: name,
          lock,
          deadLimit: 1,
          newToken: () => 't',
        });
        const base = commands.marker.slice(0, -'marker'.length);
        while ((await commands.counts()).active > 0) {
          for (const id of await redis.lrange(`${base}active`, 0, -1)) await redis.del(`${base}${id}:lock`);
          await redis.del(`${base}stalled-check`);
          await commands.recover();
        }
      }
    },
    async dispose() {
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
    },
  };
}
