import type { RunRef } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';

/** What the machine asks the shell to do; each is answered by an {@link Input}. */
export type Command =
  /** Evaluate `when` and `foreach` of a step. */
  | { type: 'evaluate'; step_id: string }
  /** Run one attempt. `iteration` counts the runs of a repeat from 0. */
  | ({ type: 'run'; attempt: number; iteration: number } & RunRef)
  /** Go on with an attempt whose wait is over. */
  | ({ type: 'resume'; attempt: number; iteration: number; payload: JsonValue } & RunRef)
  /** End a running attempt. */
  | ({ type: 'abort' } & RunRef)
  /** Replaces a timer with the same key. `at` is ISO 8601. */
  | { type: 'set_timer'; key: string; at: string }
  | { type: 'clear_timer'; key: string }
  /** Take back an attempt that another queue has, if nobody has begun with it. */
  | ({ type: 'withdraw' } & RunRef)
  /** End an execution that nobody waits for any more. */
  | { type: 'cancel_child'; execution_id: string }
  | { type: 'evaluate_output' }
  | { type: 'compensate'; step_id: string }
  /** The execution has ended; its state is final. */
  | { type: 'finish' };

/** The key of the timer that ends the whole execution. No step id can look like it. */
export const executionTimer = '@timeout';

/** The key of the timer of a run. */
export function timerKey(ref: RunRef): string {
  return ref.index === undefined ? ref.step_id : `${ref.step_id}:${ref.index}`;
}

/** The run that a timer belongs to. */
export function timerRun(key: string): RunRef {
  const colon = key.indexOf(':');
  return colon < 0 ? { step_id: key } : { step_id: key.slice(0, colon), index: Number(key.slice(colon + 1)) };
}
