import type { ExecutionEvent, Workflow } from '@vwmp/core';

/** Keeps count of what has to be undone when an execution fails or is cancelled. */
export interface Undoable {
  onEvent(event: ExecutionEvent): void;
  /** Steps that succeeded, have a compensation, and were not undone. */
  left(): string[];
  /** Whether it is being cancelled or undone, or has ended. */
  readonly ends: boolean;
}

export function createUndoable({ document }: Workflow): Undoable {
  const compensated = new Set(
    document.steps.filter(({ compensate }) => compensate !== undefined).map(({ id }) => id),
  );
  const left = new Set<string>();
  let root: string | undefined;
  let ends = false;
  return {
    onEvent(event) {
      root ??= event.execution_id;
      if (event.execution_id !== root) return;
      if (/^(workflow_(cancelling|failing|completed)|compensation_started)$/.test(event.event)) ends = true;
      if (!('step_id' in event) || event.step_id === undefined) return;
      if (event.event === 'step_completed' && compensated.has(event.step_id)) left.add(event.step_id);
      if (event.event === 'compensation_completed') left.delete(event.step_id);
    },
    left: () => [...left],
    get ends() {
      return ends;
    },
  };
}
