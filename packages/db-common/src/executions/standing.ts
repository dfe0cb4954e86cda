import type { Append } from '@vwmp/core';
import type { ExecutionRow } from '../schema/tables.ts';
import { toTime } from '../values/time.ts';

/**
 * Who works on an execution, or when it is to be taken up. At most one is not null; none is for one that waits for a message
 * or has ended.
 */
export type Standing = Pick<ExecutionRow, 'owner' | 'wake_at' | 'ready_since'>;

/** Nobody has it, and time alone changes nothing. */
const idle: Standing = { owner: null, wake_at: null, ready_since: null };

/** Ready whatever the clock of the one that asks says. One that was so already has waited for longer. */
export function atOnce({ ready_since }: Standing, now: number): Standing {
  return { ...idle, ready_since: ready_since ?? now };
}

/**
 * How an execution stands after an append.
 *
 * @param before - undefined when the append creates it
 * @param waiting - whether messages wait for it that the append did not handle
 * @param now - of the store
 * @throws TypeError when `wake_at` is no time
 */
export function standingAfter(
  append: Pick<Append, 'summary' | 'owner' | 'wake_at'>,
  before: Standing | undefined,
  waiting: boolean,
  now: number,
): Standing {
  const { summary } = append;
  const wakeAt =
    typeof append.wake_at === 'string'
      ? toTime(append.wake_at, `When the execution "${summary.id}" is to wake`)
      : append.wake_at;
  if (summary.completed_at !== undefined) return idle;
  const owner = append.owner === undefined ? (before?.owner ?? null) : append.owner;
  if (owner !== null) return owner === before?.owner ? before : { ...idle, owner };
  if (waiting) return atOnce(before ?? idle, now);
  if (wakeAt === null) return idle;
  if (wakeAt !== undefined) return { ...idle, wake_at: wakeAt };
  return before === undefined || append.owner === null ? atOnce(before ?? idle, now) : before;
}
