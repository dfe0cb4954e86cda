export { type Certificate, createCertificate } from './certificate.ts';
export { freePort } from './free-port.ts';
export { type PgbouncerOptions, type PgbouncerServer, startPgbouncer } from './pgbouncer.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
export { type PrometheusServer, startPrometheus } from './prometheus.ts';
export { type Proxy, startProxy } from './proxy.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
export { type ServerCommand, type ServerProcess, startServer } from './server-process.ts';
export { makeTempFolder, removeFolder } from './temp-folder.ts';
