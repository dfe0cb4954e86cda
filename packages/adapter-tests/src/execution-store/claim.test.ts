import { noticesAll } from './flaws.ts';

noticesAll([
  [
    'gives a claim to two',
    'exactly one gets it',
    (store) => ({
      claim: async (id, worker, now) => {
        const claimed = await store.claim(id, worker, now);
        const record = claimed ?? (await store.get(id));
        return record?.owner === undefined ? undefined : { ...record, owner: worker };
      },
    }),
  ],
  [
    'lets the one before go on after a claim',
    'shut out from the moment of the claim',
    (store) => ({
      append: async (append) => {
        const epoch = (await store.get(append.summary.id))?.epoch ?? 0;
        return await store.append({ ...append, epoch: Math.max(append.epoch, epoch) });
      },
    }),
  ],
  [
    'raises no epoch with a claim',
    'with a new epoch',
    (store) => ({
      claim: async (id, worker, now) => {
        const record = await store.claim(id, worker, now);
        return record && { ...record, epoch: record.epoch - 1 };
      },
    }),
  ],
  [
    'lets claim before the time',
    'what is not ready cannot be claimed',
    (store) => ({ claim: (id, worker) => store.claim(id, worker, Number.POSITIVE_INFINITY) }),
  ],
  [
    'lets claim without a lease',
    'a worker without a lease gets nothing',
    (store) => ({
      claim: async (id, worker, now) => {
        await store.heartbeat(worker, 60_000);
        return await store.claim(id, worker, now);
      },
    }),
  ],
  [
    'lets claim what has ended',
    'what is not ready cannot be claimed',
    (store) => ({
      claim: async (id, worker, now) =>
        (await store.claim(id, worker, now)) ??
        ((await store.get(id))?.completed_at ? await store.get(id) : undefined),
    }),
  ],
]);
