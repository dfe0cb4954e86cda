export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
export { type Proxy, startProxy } from './proxy.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
