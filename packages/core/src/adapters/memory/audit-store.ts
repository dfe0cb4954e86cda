import type { AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import { type Clearable, createGate, type Gate } from './gate.ts';
import { pageOf } from './page.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryAuditStoreOptions {
  /** So many records stay; the oldest go. @defaultValue 1000 */
  max?: number;
}

/** Keeps the last audit records in the memory of the process. */
export function createMemoryAuditStore(options: MemoryAuditStoreOptions = {}): AuditStore {
  const gate = createGate('audit store', { close: async () => store.clear() });
  const store = auditStoreOf(options, gate);
  return store;
}

/** Makes the store as a part of a storage. */
export function auditStoreOf({ max = 1000 }: MemoryAuditStoreOptions, gate: Gate): AuditStore & Clearable {
  /** By a key that grows; a map gives up its oldest entry without moving the others. */
  const records = new Map<string, AuditRecord>();
  let added = 0;

  return {
    open: gate.open,
    close: gate.close,
    clear: () => records.clear(),
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
