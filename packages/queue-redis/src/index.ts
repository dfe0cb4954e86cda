export { createRedisEventBus, type RedisEventBusOptions } from './bus/redis-event-bus.ts';
export type { RedisConnectionOptions, RedisTlsOptions } from './options.ts';
export { createRedisQueue, type RedisQueueOptions } from './redis-queue.ts';
