// Loaded when a queue or bus is opened: the driver takes 20 MB.
import { Redis, type RedisOptions } from 'ioredis';
import { scripts } from './bullmq/scripts.ts';

export function createRedis(options: RedisOptions): Redis {
  return new Redis(options);
}

/** With the scripts of the queue. */
export function createScriptedRedis(options: RedisOptions): Redis {
  return new Redis({ ...options, scripts });
}
