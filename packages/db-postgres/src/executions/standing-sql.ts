import { now } from '../sql.ts';

/** SQL: whoever owns something and has no lease may be gone. */
const hasLease = (owner: string): string =>
  `exists (select from workers as w where w.id = ${owner} and w.expires_at > ${now})`;

/** SQL: who owns something and has a lease, or null. */
export const holderWithLease = (owner: string): string => `case when ${hasLease(owner)} then ${owner} end`;

/**
 * SQL: whether an execution can be claimed.
 *
 * @param column - gives what stands for one of its columns
 * @param time - of the one that asks
 */
export function isReady(column: (name: string) => string, time: string): string {
  const due = `${column('wake_at')} <= ${time}`;
  return `(${column('turn')} is null and ${column('completed_at')} is null and case when ${column('owner')} is null
    then ${column('ready_since')} is not null or coalesce(${due}, false) else not ${hasLease(column('owner'))} end)`;
}

/** SQL: whether nobody owns an execution and it can be claimed now. @param column - see {@link isReady} */
export function isFree(column: (name: string) => string): string {
  const [turn, ended, owner, since, wakeAt] = ['turn', 'completed_at', 'owner', 'ready_since', 'wake_at'].map(
    column,
  );
  return `(${turn} is null and ${ended} is null and ${owner} is null
    and (${since} is not null or coalesce(${wakeAt} <= ${now}, false)))`;
}
