import type { Execution, ExecutionEvent } from '@vwmp/core';
import { progressOf } from './attempts.ts';

/** Whether what succeeded in an execution is being undone: it has failed or is cancelled, and has not ended. */
export function isUndoing(execution: Execution, events: readonly ExecutionEvent[]): boolean {
  if (execution.completed_at !== undefined) return false;
  const { total, completed, failed } = progressOf(execution);
  const ends = ({ event }: ExecutionEvent): boolean =>
    event === 'workflow_cancelling' || event === 'workflow_failing';
  return (
    events.some(({ event }) => event.startsWith('compensation_')) ||
    // Nothing is recorded of an undoing before the first step is undone.
    (completed === total && (failed > 0 || events.some(ends)))
  );
}
