import type { Append } from '@vwmp/core/ports';
import { appending, noticesAll } from './flaws.ts';

noticesAll([
  [
    'ignores limits',
    'those above the limit wait',
    appending((append) => ({ ...append, origin: { ...append.origin, concurrency: undefined } })),
  ],
  [
    'lets one too many through',
    'as many run at a time as the limit says',
    appending((append) => withLimit(append, 1)),
  ],
  [
    'never calls the next one',
    'those above the limit wait',
    (store) => ({
      append: (append) =>
        store.append(
          append.summary.completed_at
            ? { ...append, summary: { ...append.summary, completed_at: undefined } }
            : append,
        ),
    }),
  ],
  [
    'lets skip wait',
    'nothing is created above the limit',
    appending(({ origin, ...append }) => {
      const concurrency = origin?.concurrency && { ...origin.concurrency, policy: 'queue' as const };
      return { ...append, origin: origin && { ...origin, ...(concurrency && { concurrency }) } };
    }),
  ],
  [
    'forgets what was claimed and has not begun',
    'those above the limit wait',
    (store) => ({
      claim: async (id, worker, now) => {
        const claimed = await store.claim(id, worker, now);
        if (claimed) return claimed;
        const record = await store.get(id);
        return record?.status === 'pending' ? { ...record, owner: worker } : undefined;
      },
    }),
  ],
]);

function withLimit({ origin, ...append }: Append, more: number): Append {
  const { concurrency } = origin ?? {};
  if (!concurrency) return { ...append, origin };
  return {
    ...append,
    origin: { ...origin, concurrency: { ...concurrency, limit: concurrency.limit + more } },
  };
}
