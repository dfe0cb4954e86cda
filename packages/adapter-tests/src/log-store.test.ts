import { createMemoryStorage } from '@vwmp/core/memory';
import type { LogEntry, Storage } from '@vwmp/core/ports';
import { noticesAll, patched } from './notices.ts';
import { storageSuites } from './storage.ts';

noticesAll<Storage>(createMemoryStorage, (subject) => storageSuites(subject).logs!, [
  [
    'keeps what belongs to nothing',
    'that is not there are dropped',
    ({ logs }) => {
      const kept: LogEntry[] = [];
      return {
        logs: patched(logs, () => ({
          add: async (entries) => void kept.push(...entries),
          list: async (id) => {
            const results = kept.filter(({ execution_id }) => execution_id === id);
            return { results, count: results.length };
          },
        })),
      };
    },
  ],
  [
    'orders by time',
    'those added first before others',
    ({ logs }) => ({
      logs: patched(logs, () => ({
        list: async (id, query) => {
          const page = await logs.list(id, query);
          return { ...page, results: page.results.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)) };
        },
      })),
    }),
  ],
  [
    'ignores levels',
    'narrowed by step and level',
    ({ logs }) => ({
      logs: patched(logs, () => ({ list: (id, query) => logs.list(id, { ...query, level: undefined }) })),
    }),
  ],
  [
    'adds one entry of several',
    'the same entry twice is two',
    ({ logs }) => ({ logs: patched(logs, () => ({ add: (entries) => logs.add(entries.slice(0, 1)) })) }),
  ],
  [
    'keeps the log of what was pruned',
    'until it is pruned',
    ({ logs }) => {
      const kept: LogEntry[] = [];
      return {
        logs: patched(logs, () => ({
          add: async (entries) => {
            kept.push(...entries);
            await logs.add(entries);
          },
          list: async (id, query) => {
            const page = await logs.list(id, query);
            const results = kept.filter(({ execution_id }) => execution_id === id);
            return { ...page, results, count: results.length };
          },
        })),
      };
    },
  ],
]);
