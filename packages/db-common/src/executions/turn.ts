import type { ExecutionStatus } from '@vwmp/core';
import type { ExecutionRow } from '../schema/tables.ts';

/**
 * What an append does to the turn of an execution with a concurrency key. One gets its turn when it is created or when another
 * one ends, in the order of creation, and keeps it until it ends: what was claimed but has not begun yet takes a place, too.
 *
 * - `keep`: its turn has come before, or it stays in the line
 * - `take`: it has begun, whatever the limit says: it leaves the line
 * - `enter`: it takes a place if nobody is in the line and fewer have a place than its limit, else it gets in line
 * - `leave`: it has ended; those that are first in the line are called as long as there are fewer than their limit
 *
 * Who has a place has not ended and has no `turn`; who is in the line has one.
 */
export type TurnChange = 'keep' | 'take' | 'enter' | 'leave';

/**
 * @param before - undefined for one that is created
 * @param status - that it gets
 * @param ends - whether it has ended then
 */
export function turnChange(
  before: Pick<ExecutionRow, 'completed_at' | 'turn'> | undefined,
  status: ExecutionStatus,
  ends: boolean,
): TurnChange {
  const wasThere = before !== undefined && before.completed_at === null;
  if (ends) return wasThere ? 'leave' : 'keep';
  if (wasThere && before.turn === null) return 'keep';
  if (status !== 'pending') return 'take';
  return wasThere ? 'keep' : 'enter';
}
