import type { ExecutionRecord } from '@vwmp/core';
import { fromText } from 'db-common';
import type { CurrentStates } from './current.ts';
import type { Records } from './records.ts';

/** Makes what claims an execution within a transaction. All of it is as it is stored. */
export function createClaim(
  states: CurrentStates,
  records: Records,
): (id: string, worker: string, now: number) => ExecutionRecord | undefined {
  return (id, worker, now) => {
    const row = states.find(id);
    if (!row || !states.isReady(row, now) || !states.isRunning(worker)) return undefined;
    // Read first: what cannot be read may not be claimed.
    const { wake_at: _, ...record } = records.get(id)!;
    states.change(row, { owner: worker, epoch: row.epoch + 1, wake_at: null, ready_since: null });
    return { ...record, owner: fromText(worker), epoch: row.epoch + 1 };
  };
}
