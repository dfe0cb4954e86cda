import type { ExecutionRecord } from '@vwmp/core';
import { summaryColumns } from 'db-common';
import type { Item } from './item.ts';

/**
 * What this process knows of executions without a concurrency key that it appended to last: whether an append changes anything
 * but the history. It may be out of date: what is tried because of it checks again.
 */
export interface KnownExecutions {
  /** The status it has, if all else of its summary is as the append says. */
  statusBefore(item: Item): string | undefined;
  /** The status of one of those. @param id - as it is stored */
  statusOf(id: string): string | undefined;
  note(item: Item): void;
  /** @param id - as it is stored */
  claimed(id: string, record: ExecutionRecord): void;
  forget(id: string): void;
}

interface Known {
  workflow_id: string;
  workflow_version: string;
  started_at: number;
  status: string;
}

/** @param size - of so many, those that were used last */
export function createKnownExecutions(size: number): KnownExecutions {
  const known = new Map<string, Known>();
  const remember = (id: string, { workflow_id, workflow_version, started_at, status }: Known): void => {
    known.delete(id);
    known.set(id, { workflow_id, workflow_version, started_at, status });
    if (known.size > size) known.delete(known.keys().next().value!);
  };
  return {
    statusBefore({ id, changed }) {
      const before = known.get(id);
      if (!before || !changed) return undefined;
      const same =
        before.workflow_id === changed.workflow_id &&
        before.workflow_version === changed.workflow_version &&
        before.started_at === changed.started_at;
      return same ? before.status : undefined;
    },
    statusOf: (id) => known.get(id)?.status,
    note: ({ id, created, changed }) => remember(id, (created ?? changed)!),
    claimed(id, record) {
      if (record.origin?.concurrency) known.delete(id);
      else remember(id, summaryColumns(record));
    },
    forget: (id) => void known.delete(id),
  };
}
