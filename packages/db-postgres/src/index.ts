export type { PostgresConnectionOptions, PostgresStorageOptions } from './options.ts';
export { createPostgresStorage } from './storage.ts';
