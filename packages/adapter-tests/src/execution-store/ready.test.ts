import { appending, noticesAll } from './flaws.ts';

noticesAll([
  [
    'ignores when something is to wake',
    'ready from then on and not a moment earlier',
    appending((append) => ({ ...append, wake_at: undefined })),
  ],
  [
    'forgets what has a time',
    'ready from then on and not a moment earlier',
    appending((append) => ({ ...append, wake_at: append.wake_at === undefined ? undefined : null })),
  ],
  ['gives more than asked', 'never more than asked', (store) => ({ ready: (now) => store.ready(now, 1000) })],
  [
    'orders what is ready by id',
    'keep their order',
    (store) => ({ ready: async (now, limit) => (await store.ready(now, limit)).sort() }),
  ],
  [
    'takes out what it gives',
    'asking changes nothing',
    (store) => {
      const given = new Set<string>();
      return {
        ready: async (now, limit) => {
          const found = (await store.ready(now, limit)).filter((id) => !given.has(id));
          for (const id of found) given.add(id);
          return found;
        },
      };
    },
  ],
  [
    'trusts the clock of whoever asks',
    'ready at once, whatever a clock says',
    (store) => ({
      ready: async (now, limit) => (now < Date.now() - 60_000 ? [] : await store.ready(now, limit)),
    }),
  ],
  ['never says when', 'ready from then on', () => ({ nextReady: async () => undefined })],
  [
    'says a time for what waits for a message',
    'never ready by time',
    (store) => ({ nextReady: async () => (await store.nextReady()) ?? Date.now() + 1000 }),
  ],
  [
    'leaves the end of leases out of the next time',
    'the end of a lease is when something is ready next',
    (store) => ({
      nextReady: async () => {
        const next = await store.nextReady();
        return next !== undefined && next > Date.now() && next < Date.now() + 7_200_000 ? undefined : next;
      },
    }),
  ],
  [
    'counts the leases of idle workers',
    'the end of a lease is when something is ready next',
    (store) => {
      let end: number | undefined;
      return {
        heartbeat: (worker, ttl) => {
          end = Date.now() + ttl;
          return store.heartbeat(worker, ttl);
        },
        nextReady: async () => (await store.nextReady()) ?? end,
      };
    },
  ],
  [
    'does not hand back',
    'what is handed back is ready at once',
    appending((append) => ({ ...append, owner: append.owner ?? undefined })),
  ],
  [
    'tells nobody what became ready',
    'what is created without a time is ready',
    (store) => ({
      append: async (append) => {
        await store.append(append);
        return [];
      },
    }),
  ],
  [
    'tells of what is not ready',
    'what somebody owns is not ready',
    (store) => ({
      append: async (append) => {
        await store.append(append);
        return [{ execution_id: append.summary.id }];
      },
    }),
  ],
  [
    'keeps an owner beyond the end',
    'belongs to nobody and is never ready',
    (store) => ({
      get: async (id) => {
        const record = await store.get(id);
        return record?.completed_at === undefined ? record : { ...record, owner: 'w1' };
      },
    }),
  ],
]);
