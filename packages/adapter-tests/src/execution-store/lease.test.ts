import { noticesAll } from './flaws.ts';

noticesAll([
  [
    'lets no lease end',
    'ready once its lease has ended',
    (store) => ({ heartbeat: (worker, ttl) => store.heartbeat(worker, ttl * 1_000_000) }),
  ],
  [
    'renews no lease',
    'a lease that is renewed goes on',
    (store) => {
      const begun = new Set<string>();
      return {
        heartbeat: async (worker, ttl) => {
          if (!begun.has(worker)) await store.heartbeat(worker, ttl);
          begun.add(worker);
        },
      };
    },
  ],
  ['lets nobody retire', 'a worker that retires leaves', () => ({ retire: async () => undefined })],
  [
    'ends every lease with one',
    'touches no other',
    (store) => {
      const workers = new Set<string>();
      return {
        heartbeat: (worker, ttl) => {
          workers.add(worker);
          return store.heartbeat(worker, ttl);
        },
        retire: async () => {
          for (const worker of workers) await store.retire(worker);
        },
      };
    },
  ],
]);
