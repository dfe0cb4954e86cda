import type { Append } from '@vwmp/core/ports';
import { appending, noticesAll } from './flaws.ts';

noticesAll([
  [
    'ignores keys',
    'a key creates one execution',
    appending((append) => ({ ...append, origin: { ...append.origin, idempotency_key: undefined } })),
  ],
  [
    'does not say which execution has a key',
    'a key creates one execution',
    (store) => ({
      append: (append) =>
        store.append(append).catch((error) => {
          throw Object.assign(error, { details: undefined });
        }),
    }),
  ],
  [
    'does not tell keys of workflows apart',
    'a key of another workflow is another key',
    (store) => {
      const keys = new Set<string>();
      return {
        append: async (append) => {
          const key = append.origin?.idempotency_key;
          if (key !== undefined && keys.has(key)) {
            const message = 'There is one with this key.';
            throw Object.assign(new Error(message), {
              code: 'ALREADY_EXISTS',
              details: { execution_id: 'e1' },
            });
          }
          if (key !== undefined) keys.add(key);
          return await store.append(append);
        },
      };
    },
  ],
  [
    'frees a key at the end',
    'until it is pruned',
    (store) => {
      const ended = new Set<string>();
      return {
        append: (append) => {
          if (append.summary.completed_at) ended.add(append.summary.id);
          return store.append(append);
        },
        findByKey: async (workflowId, key) => {
          const found = await store.findByKey(workflowId, key);
          return found && ended.has(found.id) ? undefined : found;
        },
      };
    },
  ],
  [
    'shows how it was when it was created',
    'found by its key, as it stands',
    (store) => {
      const first = new Map<string, Append['summary']>();
      return {
        append: (append) => {
          if (append.expected_seq === 0) first.set(append.summary.id, append.summary);
          return store.append(append);
        },
        findByKey: async (workflowId, key) => {
          const found = await store.findByKey(workflowId, key);
          return found && first.get(found.id);
        },
      };
    },
  ],
]);
