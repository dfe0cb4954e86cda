export type { SqliteDriver } from './driver/choose.ts';
export type { SqliteStorageOptions } from './options.ts';
export { createSqliteStorage } from './storage.ts';
