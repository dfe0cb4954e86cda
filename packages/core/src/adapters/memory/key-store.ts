import { VwmpError } from '../../errors.ts';
import type { KeyRecord, KeyStore } from '../../ports/key-store.ts';
import type { Page, PageQuery } from '../../ports/lifecycle.ts';
import { type Clearable, createGate, type Gate } from './gate.ts';
import { compareText, pageOf } from './page.ts';
import { later } from './schedules.ts';
import { snapshot } from './snapshot.ts';

/** Keeps API keys in the memory of the process. */
export function createMemoryKeyStore(): KeyStore {
  const gate = createGate('key store', { close: async () => store.clear() });
  const store = keyStoreOf(gate);
  return store;
}

/** Makes the store as a part of a storage. */
export function keyStoreOf(gate: Gate): KeyStore & Clearable {
  const keys = new Map<string, KeyRecord>();

  return {
    open: gate.open,
    close: gate.close,
    clear: () => keys.clear(),
    async add(key) {
      gate.check();
      if (keys.has(key.id)) throw keyExists(key.id);
      keys.set(key.id, snapshot(key));
    },
    async get(id) {
      gate.check();
      return keys.get(id);
    },
    async list(query = {}) {
      gate.check();
      return listKeys([...keys.values()], query);
    },
    async revoke(id, at) {
      gate.check();
      const key = keys.get(id);
      if (key) keys.set(id, revoked(key, at));
      return keys.get(id);
    },
    async used(id, at) {
      gate.check();
      const key = keys.get(id);
      if (key) keys.set(id, used(key, at));
    },
  };
}

export function keyExists(id: string): VwmpError {
  return new VwmpError('ALREADY_EXISTS', `There is an API key "${id}" already.`, { retryable: false });
}

export function listKeys(keys: readonly KeyRecord[], query: PageQuery = {}): Page<KeyRecord> {
  const sorted = [...keys].sort((a, b) => compareText(a.id, b.id));
  return pageOf(sorted, ({ id }) => id, query, 'ascending');
}

export function revoked(key: KeyRecord, at: string): KeyRecord {
  return snapshot({ ...key, revoked_at: key.revoked_at ?? at });
}

export function used(key: KeyRecord, at: string): KeyRecord {
  return snapshot({ ...key, last_used_at: later(at, key.last_used_at) });
}
