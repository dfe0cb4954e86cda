import type { Woken } from '@vwmp/core';
import { atOnce, type ExecutionRow, fromText } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import { createForms } from '../connection/forms.ts';
import type { Known } from './known.ts';

/** An execution as an append finds it. */
export type CurrentRow = Omit<
  ExecutionRow,
  'idempotency_key' | 'parent_id' | 'folded_id' | 'origin' | 'error_words' | 'document_hash'
> & {
  /** Number of the last event. */
  seq: number;
};

/** What changes of an execution. */
export type Changes = Partial<ExecutionRow>;

/** Reads and changes the current state of executions, within a transaction. */
export interface CurrentStates {
  /** @param id - as it is stored */
  find(id: string): CurrentRow | undefined;
  /** Notes one that was created. */
  noteCreation(row: CurrentRow): void;
  /** Notes that events were added. */
  noteEvents(of: CurrentRow, count: number): void;
  /** Writes what changes, and keeps the tallies in step. @returns how it is then */
  change(before: CurrentRow, changes: Changes): CurrentRow;
  /** Whether it can be claimed. @param now - of the one that asks */
  isReady(row: ReadyColumns, now: number): boolean;
  /** Whether the lease of a worker has not ended. */
  isRunning(worker: string): boolean;
  /** Makes it ready at once, unless somebody owns it. */
  wake(row: CurrentRow): void;
  /** What to tell of one that may be ready. */
  wokenOf(row: Pick<ExecutionRow, 'id' | 'owner'>): Woken;
}

type ReadyColumns = Pick<ExecutionRow, 'completed_at' | 'turn' | 'owner' | 'wake_at' | 'ready_since'>;

/** Counts how the tallies change: by workflow and status. */
export interface TallyChanges {
  add(workflowId: string, status: string, n: number): void;
}

const columns = [
  ...['n', 'id', 'workflow_id', 'workflow_version', 'status', 'started_at', 'completed_at', 'error_code'],
  ...['error_message', 'epoch', 'owner', 'wake_at', 'ready_since', 'inbox', 'concurrency_key'],
  ...['concurrency_limit', 'turn', 'listed'],
];

export function createCurrentStates(
  connection: Connection,
  tallies: TallyChanges,
  { rows, leases }: Pick<Known, 'rows' | 'leases'>,
): CurrentStates {
  const read = connection.statement(
    `select ${columns.join(', ')}, (select seq from events where execution_id = executions.id order by seq desc limit 1) as seq from executions where id = ?`,
  );
  const lease = connection.statement('select expires_at from workers where id = ?').pluck();
  // Only what changes is named: SQLite writes the indexes of all columns that are.
  const updateOf = createForms(connection, (names) => {
    return `update executions set ${names.map((name) => `${name} = ?`).join(', ')} where n = ?`;
  });

  /** Whoever owns it will soon write again; all others would fill the memory. */
  const note = (row: CurrentRow): void => {
    if (row.owner !== null && row.completed_at === null) rows.set(row.id, row);
    else rows.delete(row.id);
  };

  const isRunning = (worker: string): boolean => {
    if (!leases.has(worker)) leases.set(worker, lease.get(worker) as number | undefined);
    const until = leases.get(worker);
    return until !== undefined && until > Date.now();
  };

  const change = (before: CurrentRow, changes: Changes): CurrentRow => {
    const after: CurrentRow = { ...before, ...changes };
    const { listed } = before;
    if (listed !== null) {
      if (after.started_at !== listed) after.listed = changes.listed = after.started_at;
      if (after.status !== before.status || after.workflow_id !== before.workflow_id) {
        tallies.add(before.workflow_id, before.status, -1);
        tallies.add(after.workflow_id, after.status, 1);
      }
    }
    const names = Object.keys(changes);
    if (names.length > 0) updateOf(names).run(...Object.values(changes), before.n);
    note(after);
    return after;
  };

  return {
    find(id) {
      const known = rows.get(id);
      if (known) return known;
      const row = read.get(id) as CurrentRow | undefined;
      if (row) note(row);
      return row;
    },
    noteCreation: note,
    noteEvents(of, count) {
      of.seq += count;
    },
    change,
    isRunning,
    isReady({ completed_at, turn, owner, wake_at, ready_since }, now) {
      if (completed_at !== null || turn !== null) return false;
      if (owner !== null) return !isRunning(owner);
      return ready_since !== null || (wake_at !== null && wake_at <= now);
    },
    wake(row) {
      if (row.owner === null && row.ready_since === null) change(row, { ...atOnce(row, Date.now()) });
    },
    wokenOf({ id, owner }) {
      const execution_id = fromText(id);
      return owner !== null && isRunning(owner) ? { execution_id, owner: fromText(owner) } : { execution_id };
    },
  };
}
