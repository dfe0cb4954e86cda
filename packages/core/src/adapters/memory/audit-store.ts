import type { AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import { createGate } from './gate.ts';
import { pageOf } from './page.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryAuditStoreOptions {
  /** So many records stay; the oldest go. @defaultValue 1000 */
  max?: number;
}

/** Keeps the last audit records in the memory of the process. */
export function createMemoryAuditStore(options: MemoryAuditStoreOptions = {}): AuditStore {
  const { max = 1000 } = options;
  /** By a key that grows; a map gives up its oldest entry without moving the others. */
  const records = new Map<string, AuditRecord>();
  const gate = createGate('audit store');
  let added = 0;

  return {
    open: gate.open,
    async close() {
      await gate.close();
      records.clear();
    },
    async add(record) {
      gate.check();
      records.set(String(++added).padStart(15, '0'), snapshot(record));
      for (const oldest of records.keys()) {
        if (records.size <= max) break;
        records.delete(oldest);
      }
    },
    async list(query = {}) {
      gate.check();
      const matching = [...records]
        .filter(([, record]) => query.subject === undefined || record.subject === query.subject)
        .reverse();
      const page = pageOf(matching, ([key]) => key, query, 'descending');
      return { ...page, results: page.results.map(([, record]) => record) };
    },
  };
}
