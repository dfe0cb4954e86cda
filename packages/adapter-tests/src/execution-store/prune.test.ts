import type { Append } from '@vwmp/core/ports';
import { noticesAll } from './flaws.ts';

noticesAll([
  [
    'prunes more than asked',
    'pruning goes in steps',
    (store) => ({ prune: (retention, now) => store.prune(retention, now, 1000) }),
  ],
  [
    'prunes regardless of age',
    'only completed executions are pruned, by age',
    (store) => ({
      prune: ({ max_age, ...retention }, now, batch) =>
        store.prune(max_age === undefined ? retention : { max_count: 0 }, now, batch),
    }),
  ],
  [
    'prunes without a limit',
    'not at all without a limit',
    (store) => ({
      prune: (retention, now, batch) => store.prune({ max_age: 0, ...retention }, now, batch),
    }),
  ],
  [
    'keeps a key of what was pruned',
    'takes along everything that belongs to it',
    (store) => {
      const found = new Map<string, Append['summary']>();
      return {
        append: (append) => {
          const key = append.origin?.idempotency_key;
          if (key !== undefined) found.set(`${append.summary.workflow_id} ${key}`, append.summary);
          return store.append(append);
        },
        findByKey: async (workflowId, key) => found.get(`${workflowId} ${key}`),
      };
    },
  ],
  [
    'keeps events of what was pruned',
    'takes along everything that belongs to it',
    (store) => {
      const kept = new Map<string, Append['events'][number][]>();
      return {
        append: (append) => {
          kept.set(append.summary.id, [...(kept.get(append.summary.id) ?? []), ...append.events]);
          return store.append(append);
        },
        async *events(id) {
          yield* kept.get(id) ?? [];
        },
      };
    },
  ],
]);
