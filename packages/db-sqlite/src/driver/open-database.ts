import type { Logger } from '@vwmp/core';
import { node } from '../node.ts';
import type { SqliteDriver } from './choose.ts';
import type { Database } from './driver.ts';
import { claimFile } from './in-use.ts';
import { loadDriver } from './load-driver.ts';

export interface OpenOptions {
  /** Undefined: the one that suits this Node best. */
  driver?: SqliteDriver | undefined;
  /** It is not made when it is missing. */
  existing?: boolean;
  logger?: Logger | undefined;
}

/**
 * Loads a driver, for which nobody pays who has not opened anything, and opens a file.
 *
 * @param path - absolute: SQLite takes no name with a meaning of its own for one then
 */
export async function openDatabase(
  path: string,
  { driver, existing = false, logger }: OpenOptions = {},
): Promise<Database> {
  const { name, open } = await loadDriver(driver, logger);
  // Node has no such option.
  if (existing) node.fs.statSync(path);
  const claim = claimFile(path, name);
  const database = open(path, existing);
  claim.opened();
  return {
    ...database,
    close() {
      database.close();
      claim.end();
    },
  };
}
