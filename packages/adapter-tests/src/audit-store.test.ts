import { createMemoryAuditStore } from '@vwmp/core/memory';
import type { AuditStore } from '@vwmp/core/ports';
import { auditStoreSuite } from './audit-store.ts';
import { noticesAll } from './notices.ts';

noticesAll<AuditStore>(createMemoryAuditStore, auditStoreSuite, [
  [
    'lists what came first before others',
    'what was added last comes first',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.toReversed() };
      },
    }),
  ],
  [
    'lists every subject',
    'found by their subject',
    (store) => ({ list: (query) => store.list({ ...query, subject: undefined }) }),
  ],
]);
