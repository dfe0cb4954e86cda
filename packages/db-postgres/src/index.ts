export { createPostgresEventBus, type PostgresEventBusOptions } from './bus/event-bus.ts';
export type { PostgresTls } from './connection/settings.ts';
export type { PostgresConnectionOptions, PostgresStorageOptions } from './options.ts';
export { createPostgresStorage } from './storage.ts';
