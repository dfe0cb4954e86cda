import type { WorkflowStore } from '../ports/workflow-store.ts';

/**
 * Tells of every document that was saved or removed through it, so that nobody who saves one has to think of schedules and webhooks.
 *
 * @param changed - is awaited before the change resolves; must not reject
 */
export function watchWorkflows(
  store: WorkflowStore,
  changed: (workflowId: string) => Promise<void>,
): WorkflowStore {
  return {
    open: () => store.open(),
    close: () => store.close(),
    get: (id) => store.get(id),
    list: (query) => store.list(query),
    versions: (id, query) => store.versions(id, query),
    async save(draft, rev) {
      const record = await store.save(draft, rev);
      await changed(record.id);
      return record;
    },
    async remove(id, rev) {
      await store.remove(id, rev);
      await changed(id);
    },
  };
}
