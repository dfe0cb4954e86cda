import { createMemoryWorkflowStore } from '@vwmp/core/memory';
import type { WorkflowStore } from '@vwmp/core/ports';
import { noticesAll } from './notices.ts';
import { workflowStoreSuite } from './workflow-store.ts';

noticesAll<WorkflowStore>(createMemoryWorkflowStore, workflowStoreSuite, [
  [
    'saves over anything',
    'only what is based on the current rev',
    (store) => ({ save: async (draft) => store.save(draft, (await store.get(draft.id))?.rev) }),
  ],
  [
    'trims the text',
    'text is kept to the last character',
    (store) => ({ save: (draft, rev) => store.save({ ...draft, text: draft.text.trim() }, rev) }),
  ],
  [
    'removes whatever is there',
    'removing needs the current rev',
    (store) => ({ remove: async (id) => store.remove(id, (await store.get(id))!.rev) }),
  ],
  [
    'seeks with regard to case',
    'narrowed by type and by text',
    (store) => ({
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, results: page.results.filter(({ text }) => text.includes(query?.q ?? '')) };
      },
    }),
  ],
]);
