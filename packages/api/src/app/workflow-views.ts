import type { WorkflowRecord, WorkflowStore } from '@vwmp/core';
import { parseDocument } from '@vwmp/core/language';
import type { StoredWorkflow } from '../contract/index.ts';
import { createSharedRead } from './shared-read.ts';

/** Characters that are kept, in total: reading a document of YAML takes a thousand times as long as sending it. */
const budget = 1 << 20;

/** Stored workflows as they are answered; those that were asked for last are kept as JSON. */
export class WorkflowViews {
  /** By id; the one that was asked for last comes last. */
  readonly #kept = new Map<string, { rev: string; updatedAt: string; json: string }>();
  #size = 0;
  /** The workflow with an id, read once for all who ask in one turn of the event loop. */
  readonly find: (id: string) => Promise<WorkflowRecord | undefined>;

  constructor(workflows: WorkflowStore) {
    this.find = createSharedRead((id) => workflows.get(id));
  }

  /** The answer to a read, as JSON. */
  json(record: WorkflowRecord): string {
    const { id, rev, updated_at: updatedAt } = record;
    const kept = this.#kept.get(id);
    if (kept?.rev === rev && kept.updatedAt === updatedAt && record.problems === undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      return kept.json;
    }
    const json = JSON.stringify(viewOf(record));
    this.#keep(id, { rev, updatedAt, json });
    return json;
  }

  #keep(id: string, entry: { rev: string; updatedAt: string; json: string }): void {
    this.#drop(id);
    if (entry.json.length > budget / 4) return;
    this.#kept.set(id, entry);
    this.#size += entry.json.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= budget) return;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    this.#size -= this.#kept.get(id)?.json.length ?? 0;
    this.#kept.delete(id);
  }
}

/** What is answered of a stored workflow. */
export function viewOf(record: WorkflowRecord): StoredWorkflow {
  const { value } = parseDocument(record.text);
  const readable = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    ...summaryOf(record),
    text: record.text,
    ...(readable && { document: value as unknown as NonNullable<StoredWorkflow['document']> }),
  };
}

/** What lists show of one. */
export function summaryOf({
  id,
  name,
  type,
  version,
  rev,
  updated_at,
  problems,
}: WorkflowRecord): Omit<StoredWorkflow, 'text' | 'document'> {
  return { id, name, type, version, rev, updated_at, ...(problems && { problems: [...problems] }) };
}
