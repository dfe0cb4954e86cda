import { VwmpError } from '@vwmp/core';
import { codeOf, placeOf } from './connection/errors.ts';
import type { Pool } from './connection/pool.ts';
import type { Settings } from './connection/settings.ts';

/** So long a ping waits at most, in milliseconds. */
const timeout = 5000;
/** That there was room counts for so long, in milliseconds: a server may log each temporary file. */
const roomFor = 60_000;

// Tables that are gone, or that belong to somebody else since a restore, answer nobody: only to be connected says little.
const rights = {
  name: 'ping',
  text: `select current_setting('transaction_read_only'),
    (select bool_and(has_table_privilege(name, what))
      from unnest(array['executions', 'events', 'documents', 'messages', 'tallies', 'workers']) as name,
        unnest(array['select', 'insert', 'update', 'delete']) as what)`,
};

/**
 * Fails with 53100 where the disk of the database is full. A row that is written tells nothing, as it finds room in pages that are there: this
 * writes 140 kB to a temporary file, which needs no WAL and leaves nothing behind. Measured: 1.3 ms.
 */
const room = [
  {
    name: 'spill',
    text: "select set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)",
  },
  { name: 'room', text: 'select count(*) from generate_series(1, 10000)' },
];

/**
 * Makes what looks whether a database can be worked with: it is a primary, its tables are there and may be written, and now and then that its
 * disk has room.
 */
export function createPing(settings: Settings): (session: { pool: Pool }) => Promise<void> {
  let roomSeen = Number.NEGATIVE_INFINITY;
  return async ({ pool }) => {
    const now = performance.now();
    const looks = now - roomSeen > roomFor;
    const [answer] = await pool
      .probe(looks ? [rights, ...room] : [rights], timeout)
      .catch((error: unknown) => {
        // Whoever may not write temporary files of that size learns nothing by them.
        if (codeOf(error) !== '53400') throw error;
        return pool.probe([rights], timeout);
      });
    if (looks) roomSeen = now;
    const [readOnly, mayWrite] = answer!.rows[0]!;
    if (readOnly === 'off' && mayWrite === 't') return;
    const message =
      readOnly === 'off'
        ? `In the ${placeOf(settings)} "${settings.server.user}" may not read and write all tables. Make it their owner again.`
        : `The ${placeOf(settings)} can only be read: it is a copy, or being moved. Name the primary server in the URL.`;
    throw new VwmpError('STORE_UNAVAILABLE', message);
  };
}
