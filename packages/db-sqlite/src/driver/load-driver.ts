import { hasCode, type Logger } from '@vwmp/core';
import { loadBetterSqlite } from './better-sqlite3.ts';
import { chooseDriver, type SqliteDriver } from './choose.ts';
import type { Open } from './driver.ts';
import { loadNodeSqlite } from './node-sqlite.ts';

/** A driver that is loaded. */
export interface Loaded {
  name: SqliteDriver;
  open: Open;
}

/** It is said once in a process. */
let warned = false;

/**
 * Loads the driver that is asked for, or the one that suits this Node best.
 *
 * @throws PACKAGE_MISSING, STORE_UNAVAILABLE where it cannot be
 */
export async function loadDriver(asked?: SqliteDriver, logger?: Logger): Promise<Loaded> {
  const name = asked ?? chooseDriver(process.versions);
  if (name === 'node:sqlite') return { name, open: loadNodeSqlite() };
  try {
    return { name, open: await loadBetterSqlite() };
  } catch (error) {
    if (asked !== undefined || !hasCode(error, 'PACKAGE_MISSING')) throw error;
    const open = loadNodeSqlite();
    if (!warned) {
      const { node, sqlite } = process.versions;
      const message = `Node ${node} has SQLite ${sqlite}: processes that share a file may damage it, seldom as that is. Use a newer Node, or install better-sqlite3.`;
      logger?.log('warn', message);
      warned = true;
    }
    return { name: 'node:sqlite', open };
  }
}
