import { hasCode, type Storage } from '@vwmp/core';
import {
  createAuditStore,
  createGate,
  createKeyStore,
  createLogStore,
  createScheduleStore,
  createWorkflowStore,
  type Runner,
} from 'db-common';
import { openFile, type Place } from './connection/open-file.ts';
import { watchChanges } from './connection/watch.ts';
import { sqliteDialect } from './dialect.ts';
import { createExecutionStore } from './executions/store.ts';
import { createMaintenance } from './maintenance/maintenance.ts';
import { migrate } from './migrate.ts';
import { node } from './node.ts';
import type { SqliteStorageOptions } from './options.ts';
import { createSession, type Session } from './session.ts';

/** Leaves to the system what it makes of "..": after a link it is not what is written before it. */
function absolute(path: string): string {
  if (process.platform === 'win32' || path === '') return node.path.resolve(path);
  return node.path.isAbsolute(path) ? path : `${process.cwd()}/${path}`;
}

/** What can only be read is found here, and not by the first one that writes. What is full can be read, and pruned. */
async function findUnwritable({ writer, touch }: Session): Promise<void> {
  try {
    await writer.add(touch);
  } catch (error) {
    if (!hasCode(error, 'STORE_FULL')) throw error;
  }
}

/**
 * Keeps everything in a SQLite file. Several processes may use the same one: one writes at a time, and the others wait for it without
 * being stopped.
 *
 * Opening makes the file if it is missing, and brings its tables to this version; what it held before is copied beside first.
 *
 * @example
 * ```ts
 * const storage = createSqliteStorage({ path: 'data/vwmp.db' });
 * await storage.open();
 * ```
 */
export function createSqliteStorage(options: SqliteStorageOptions): Storage {
  const { synchronous = 'normal', patience = 30_000, logger, driver } = options;
  const place: Place = { path: absolute(options.path), synchronous, patience, logger, driver };
  let session: Session | undefined;
  const watching: (() => void)[] = [];

  const gate = createGate({
    async open() {
      const connection = await openFile(place);
      try {
        await migrate(connection, place);
        session = createSession(connection, place);
        await findUnwritable(session);
      } catch (error) {
        session = undefined;
        connection.close();
        throw error;
      }
    },
    async close() {
      for (const end of watching.splice(0)) end();
      session?.connection.close();
      session = undefined;
    },
  });
  // Whoever gets this far has passed the gate.
  const current = (): Session => session!;
  const runner: Runner = {
    read: (steps) => current().runner.read(steps),
    write: (steps) => current().runner.write(steps),
    add: (insert) => current().runner.add(insert),
  };
  const parts = { gate, runner, dialect: sqliteDialect };

  return {
    executions: createExecutionStore(gate, current),
    workflows: createWorkflowStore(parts),
    schedules: createScheduleStore(parts),
    logs: createLogStore(parts),
    audit: createAuditStore(parts),
    keys: createKeyStore(parts),
    maintenance: createMaintenance(place, () => session),
    open: gate.open,
    close: gate.close,
    onChange(listener) {
      gate.check();
      const end = watchChanges(current().connection, place.path, listener);
      watching.push(end);
      return end;
    },
    ping: () => gate.run(() => current().ping()),
  };
}
