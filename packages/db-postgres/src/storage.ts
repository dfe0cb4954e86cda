import type { Storage } from '@vwmp/core';
import {
  createAuditStore,
  createGate,
  createKeyStore,
  createScheduleStore,
  createWorkflowStore,
  type Gate,
  type Runner,
} from 'db-common';
import { placeOf } from './connection/errors.ts';
import { readSettings } from './connection/settings.ts';
import { postgresDialect } from './dialect.ts';
import { createExecutionStore } from './executions/store.ts';
import { createPostgresLogStore } from './logs.ts';
import { createMaintenance } from './maintenance/maintenance.ts';
import { migrate } from './migrate.ts';
import { type PostgresStorageOptions, withDefaults } from './options.ts';
import { createPing } from './ping.ts';
import { createSession, type Session } from './session.ts';

/**
 * Keeps everything in a PostgreSQL database. Any number of processes may use the same one.
 *
 * Opening brings its tables to this version.
 *
 * @example
 * ```ts
 * const storage = createPostgresStorage({ url: 'postgres://vwmp:secret@localhost/vwmp' });
 * await storage.open();
 * ```
 * @throws SETTINGS_INVALID when the URL cannot be read
 */
export function createPostgresStorage(given: PostgresStorageOptions): Storage {
  const options = withDefaults(given);
  const settings = readSettings(options.url, options.tls);
  let session: Session | undefined;

  const base = createGate({
    async open() {
      const opened = createSession(settings, options);
      try {
        const { schema, timeout } = options;
        const how = { schema, timeout, where: placeOf(settings) };
        await opened.guard(({ pool }) => pool.use((connection) => migrate(connection, how)));
        session = opened;
      } catch (error) {
        await opened.pool.close();
        throw error;
      }
    },
    async close() {
      await session?.pool.close();
      session = undefined;
    },
  });
  const gate: Gate = {
    ...base,
    close() {
      session?.pool.hurry();
      return base.close();
    },
  };
  // Whoever gets this far has passed the gate.
  const current = (): Session => session!;
  const runner: Runner = {
    read: (steps) => current().runner.read(steps),
    write: (steps) => current().runner.write(steps),
    add: (insert) => current().runner.add(insert),
  };
  const parts = { gate, runner, dialect: postgresDialect };
  const ping = createPing(settings);

  return {
    executions: createExecutionStore(gate, current),
    workflows: createWorkflowStore(parts),
    schedules: createScheduleStore(parts),
    logs: createPostgresLogStore(parts, current),
    audit: createAuditStore(parts),
    keys: createKeyStore(parts),
    maintenance: createMaintenance(settings, options, () => session),
    open: gate.open,
    close: gate.close,
    ping: () => gate.run(() => current().guard(ping)),
  };
}
