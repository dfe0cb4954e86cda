import type { ExecutionEvent, Workflow } from '@vwmp/core';

/** Keeps count of what has to be undone when an execution fails or is cancelled. */
export interface Undoable {
  onEvent(event: ExecutionEvent): void;
  /** Steps that succeeded, have a compensation, and were not undone. */
  left(): string[];
}

export function createUndoable({ document }: Workflow): Undoable {
  const compensated = new Set(
    document.steps.filter(({ compensate }) => compensate !== undefined).map(({ id }) => id),
  );
  const left = new Set<string>();
  let root: string | undefined;
  return {
    onEvent(event) {
      root ??= event.execution_id;
      if (event.execution_id !== root || !('step_id' in event) || event.step_id === undefined) return;
      if (event.event === 'step_completed' && compensated.has(event.step_id)) left.add(event.step_id);
      if (event.event === 'compensation_completed') left.delete(event.step_id);
    },
    left: () => [...left],
  };
}
