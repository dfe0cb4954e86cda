import type { JsonValue } from '../model/json.ts';

/** What the task of an attempt in another queue says. Everything else is read from the store: a queue holds no payload and no secret. */
export interface StepTask {
  execution_id: string;
  task_id: string;
  step_id: string;
  index?: number;
}

/** @returns undefined for something else */
export function readStepTask(payload: JsonValue): StepTask | undefined {
  const task = payload as Partial<StepTask> | null;
  const valid =
    typeof task === 'object' &&
    typeof task?.execution_id === 'string' &&
    typeof task.task_id === 'string' &&
    typeof task.step_id === 'string';
  return valid ? (task as StepTask) : undefined;
}
