import type { Clock } from '../../ports/clock.ts';
import type { WorkflowRecord, WorkflowStore } from '../../ports/workflow-store.ts';
import { checkRev } from './check-rev.ts';
import { type Clearable, createGate, type Gate } from './gate.ts';
import { compareText, pageOf } from './page.ts';
import { snapshot } from './snapshot.ts';
import { matchesWorkflow } from './workflow-query.ts';

export interface MemoryWorkflowStoreOptions {
  /** So many versions of each document stay. @defaultValue 100 */
  maxVersions?: number;
  clock?: Pick<Clock, 'now'>;
}

/** Keeps workflow documents and their last versions in the memory of the process. */
export function createMemoryWorkflowStore(options: MemoryWorkflowStoreOptions = {}): WorkflowStore {
  const gate = createGate('workflow store', { close: async () => store.clear() });
  const store = workflowStoreOf(options, gate);
  return store;
}

/** Makes the store as a part of a storage. */
export function workflowStoreOf(
  { maxVersions = 100, clock = Date }: MemoryWorkflowStoreOptions,
  gate: Gate,
): WorkflowStore & Clearable {
  /** Newest first. */
  const workflows = new Map<string, WorkflowRecord[]>();
  let saves = 0;

  const current = (id: string): WorkflowRecord | undefined => workflows.get(id)?.[0];

  return {
    open: gate.open,
    close: gate.close,
    clear: () => workflows.clear(),
    async get(id) {
      gate.check();
      return current(id);
    },
    async list(query = {}) {
      gate.check();
      const matching = [...workflows.values()]
        .map((versions) => versions[0]!)
        .filter((record) => matchesWorkflow(record, query))
        .sort((a, b) => compareText(a.id, b.id));
      return pageOf(matching, ({ id }) => id, query, 'ascending');
    },
    async save(draft, rev) {
      gate.check();
      const { id, name, type, version, text } = draft;
      checkRev(id, current(id)?.rev, rev);
      const record = snapshot<WorkflowRecord>({
        ...{ id, name, type, version, text },
        // Counted over all documents, so that one that is removed and made anew never has an old rev again.
        rev: String(++saves).padStart(12, '0'),
        updated_at: new Date(clock.now()).toISOString(),
      });
      const versions = workflows.get(id) ?? [];
      versions.unshift(record);
      versions.length = Math.min(versions.length, Math.max(maxVersions, 1));
      workflows.set(id, versions);
      return record;
    },
    async remove(id, rev) {
      gate.check();
      checkRev(id, current(id)?.rev, rev);
      workflows.delete(id);
    },
    async versions(id, query = {}) {
      gate.check();
      return pageOf(workflows.get(id) ?? [], ({ rev }) => rev, query, 'descending');
    },
  };
}
