import type { WorkflowQuery, WorkflowRecord } from '../../ports/workflow-store.ts';

/** Whether a document is what {@link WorkflowQuery} asks for. */
export function matchesWorkflow(record: WorkflowRecord, query: WorkflowQuery): boolean {
  if (query.type !== undefined && record.type !== query.type) return false;
  if (query.q === undefined) return true;
  const sought = query.q.toLowerCase();
  return [record.id, record.name, record.text].some((text) => text.toLowerCase().includes(sought));
}
