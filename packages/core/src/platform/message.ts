import type { ErrorInfo } from '../errors.ts';
import type { Input } from '../machine/index.ts';
import type { RunRef } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';

/** An input without its time, which is when the owner takes it in. */
type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never;

/**
 * What is sent to an execution.
 *
 * - `signal`: by name; sent again with its idempotency key it is the same message while that waits, and a second one afterwards, which the
 *   execution does not take in
 * - `decide`: an approval was decided; `round` tells which wait of the run, as a late one may be of an earlier one, and `nonce`
 *   whose decision it is, as only the first one is kept
 * - `child`: an execution that a run waits for has ended
 * - `report`: an attempt in another queue has ended; `task_id` tells which, as a late one may be of an earlier wait
 * - `cancel`: it is to end. Asked for once more by people, what is being undone is given up; a `gentle` one lets that go on
 */
export type MessageBody =
  | { type: 'signal'; signal: string; payload: JsonValue; idempotency_key?: string }
  | { type: 'decide'; ref: RunRef; round: string; nonce: string; payload: JsonValue }
  | { type: 'child'; ref: RunRef; execution_id: string; payload: JsonValue }
  | { type: 'report'; ref: RunRef; task_id: string; input: Timeless<Input> }
  | { type: 'cancel'; reason: string; gentle?: true };

/** What a parent is told of a child that has ended. */
export interface ChildSummary {
  execution_id: string;
  status: string;
  output?: JsonValue;
  error?: ErrorInfo;
}

/** The id of the message that tells of the end of a child. */
export function endMessage(child: string): string {
  return `child:${child}`;
}

/** Of a child whose end nothing would tell of. */
export function lostChild(executionId: string): ChildSummary {
  const message = `Nothing tells of the end of execution "${executionId}": it is missing, or was not started with "attached" by what waits for it.`;
  return { execution_id: executionId, status: 'failed', error: { code: 'EXECUTION_NOT_FOUND', message } };
}
