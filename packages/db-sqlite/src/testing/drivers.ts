import type { Logger, Storage } from '@vwmp/core';
import type { SqliteDriver } from '../driver/choose.ts';
import { createSqliteStorage } from '../storage.ts';
import { report } from './report.ts';

/** Everything holds for both. */
export const drivers: readonly SqliteDriver[] = ['node:sqlite', 'better-sqlite3'];

/** The storage of a script that a test has started with a driver. */
export function scriptStorage(path: string): Storage {
  const driver = drivers.find((each) => each === process.env.DRIVER);
  const logger: Logger = { log: (level, message) => level === 'warn' && report({ warning: message }) };
  return createSqliteStorage({ path, driver, logger });
}
