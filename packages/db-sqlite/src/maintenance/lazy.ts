import type { Maintenance } from '@vwmp/core';
import type { Place } from '../connection/open-file.ts';
import type { Session } from '../session.ts';

/**
 * Loads what looks after a database when something of it is asked for, which seldom happens in the processes that use the database.
 *
 * @param current - the session of a storage that is open
 */
export function lazyMaintenance(place: Place, current: () => Session | undefined): Maintenance {
  let made: Promise<Maintenance> | undefined;
  const load = async (): Promise<Maintenance> => {
    const { createMaintenance } = await import('./maintenance.ts');
    return createMaintenance(place, current);
  };
  const loaded = (): Promise<Maintenance> => {
    made ??= load();
    return made;
  };
  return {
    migrate: async () => (await loaded()).migrate(),
    status: async () => (await loaded()).status(),
    backup: async (path) => (await loaded()).backup(path),
    compact: async () => (await loaded()).compact(),
    check: async () => (await loaded()).check(),
    tables: async () => (await loaded()).tables(),
    exportRows: async (table, after, limit) => (await loaded()).exportRows(table, after, limit),
    importRows: async (table, rows) => (await loaded()).importRows(table, rows),
  };
}
