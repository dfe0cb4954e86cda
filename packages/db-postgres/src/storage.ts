import { type Storage, VwmpError } from '@vwmp/core';
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
import { createSession, type Session } from './session.ts';

/** So long a ping waits at most, in milliseconds. */
const pingTimeout = 5000;
/**
 * Fails with 53100 where the disk of the database is full. A row that is written tells nothing, as it finds room in pages that are there: this
 * writes 140 kB to a temporary file, which needs no WAL and leaves nothing behind. Measured: 1.3 ms.
 */
const needsRoom = [
  {
    name: 'spill',
    text: "select set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)",
  },
  { name: 'room', text: 'select count(*) from generate_series(1, 10000)' },
];

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
    ping: () =>
      gate.run(() =>
        current().guard(async ({ pool }) => {
          // Tables that are gone, or that belong to somebody else since a restore, answer nobody: only to be connected says little.
          const text = `select current_setting('transaction_read_only'),
            (select bool_and(has_table_privilege(name, what))
              from unnest(array['executions', 'events', 'documents', 'messages', 'tallies', 'workers']) as name,
                unnest(array['select', 'insert', 'update', 'delete']) as what)`;
          const [answer] = await pool.probe([{ name: 'ping', text }, ...needsRoom], pingTimeout);
          const [readOnly, mayWrite] = answer!.rows[0]!;
          if (readOnly === 'off' && mayWrite === 't') return;
          const message =
            readOnly === 'off'
              ? `In the ${placeOf(settings)} "${settings.server.user}" may not read and write all tables. Make it their owner again.`
              : `The ${placeOf(settings)} can only be read: it is a copy, or being moved. Name the primary server in the URL.`;
          throw new VwmpError('STORE_UNAVAILABLE', message);
        }),
      ),
  };
}
