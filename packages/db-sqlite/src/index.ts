export type { SqliteStorageOptions } from './options.ts';
export { createSqliteStorage } from './storage.ts';
