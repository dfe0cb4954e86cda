import { createMemoryKeyStore } from '@vwmp/core/memory';
import type { KeyRecord, KeyStore } from '@vwmp/core/ports';
import { keyStoreSuite } from './key-store.ts';
import { noticesAll } from './notices.ts';

/** Keeps what was done to a key beside the store, the last one going before all others. */
function replacing(store: KeyStore, name: 'revoked_at' | 'last_used_at'): Partial<KeyStore> {
  const last = new Map<string, string>();
  const shown = <K extends KeyRecord | undefined>(key: K): K =>
    key && last.has(key.id) ? { ...key, [name]: last.get(key.id) } : key;
  const note = async (id: string, at: string): Promise<KeyRecord | undefined> => {
    if (await store.get(id)) last.set(id, at);
    return shown(await store.get(id));
  };
  return {
    get: async (id) => shown(await store.get(id)),
    ...(name === 'revoked_at' ? { revoke: note } : { used: async (id, at) => void (await note(id, at)) }),
  };
}

noticesAll<KeyStore>(createMemoryKeyStore, keyStoreSuite, [
  [
    'finds a key by the beginning of its id',
    'found by its id',
    (store) => ({
      get: async (id) => (await store.list()).results.find((key) => key.id.startsWith(id.trim())),
    }),
  ],
  [
    'forgets when a key ends',
    'found by its id',
    (store) => ({ add: ({ expires_at: _, ...key }) => store.add(key) }),
  ],
  [
    'trims names',
    'texts come back',
    (store) => ({ add: (key) => store.add({ ...key, name: key.name.replaceAll('\0', '').trim() }) }),
  ],
  [
    'adds over a key that is there',
    'add the same id',
    (store) => ({ add: (key) => store.add(key).catch(() => undefined) }),
  ],
  [
    'lists the newest key first',
    'listed by id',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.toReversed() };
      },
    }),
  ],
  ['revokes anew', 'revoked since the first time', (store) => replacing(store, 'revoked_at')],
  [
    'revokes nothing',
    'revoked since the first time',
    (store) => ({
      revoke: async (id, at) => ((await store.get(id)) ? keyRevoked(store, id, at) : undefined),
    }),
  ],
  ['lets the last use go back', 'never goes back', (store) => replacing(store, 'last_used_at')],
  ['notes no use', 'is all done', () => ({ used: async () => undefined })],
  [
    'hands out what it keeps',
    'changed without harm',
    (store) => {
      const kept = new Map<string, KeyRecord>();
      return {
        add: async (key) => {
          await store.add(key);
          kept.set(key.id, key);
        },
        get: async (id) => kept.get(id),
      };
    },
  ],
]);

async function keyRevoked(store: KeyStore, id: string, at: string): Promise<KeyRecord> {
  return { ...(await store.get(id))!, revoked_at: at };
}
