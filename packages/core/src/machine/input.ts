import type { ErrorInfo } from '../errors.ts';
import type { RunRef, Wait } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';

/**
 * Which attempt reports. One that was given up meanwhile (it took too long, say, and its successor runs)
 * changes nothing. Missing means the current one.
 */
export interface Reporter {
  attempt?: number;
  iteration?: number;
}

/**
 * What the shell tells the machine. Time (`at`, milliseconds since 1970) and chance (`random`, from 0
 * up to 1) come in here; the machine has none of its own.
 */
export type Input = {
  at: number;
} /** What it was given is missing when that was recorded as it was queued. */ & (
  | {
      type: 'start';
      workflow_id: string;
      workflow_version: string;
      parameters?: JsonObject;
      trigger?: JsonValue;
    }
  /** The condition and list of a step were evaluated; `total` is the length of the list of a foreach. */
  | { type: 'evaluated'; step_id: string; holds: boolean; total?: number }
  | { type: 'evaluation_failed'; step_id: string; error: ErrorInfo }
  /** An attempt ended well; `again` says that the condition of a repeat does not hold yet. */
  | ({ type: 'succeeded'; output: JsonValue; port?: string; again?: boolean } & RunRef & Reporter)
  | ({ type: 'failed'; error: ErrorInfo; random: number } & RunRef & Reporter)
  | ({ type: 'suspended'; wait: Wait } & RunRef & Reporter)
  /** An aborted attempt has ended, or was given up after the grace period. */
  | ({ type: 'cancelled' } & RunRef & Reporter)
  | { type: 'timer'; key: string; random: number }
  /** One whose key came with this name before changes nothing. */
  | { type: 'signal'; signal: string; payload: JsonValue; idempotency_key?: string }
  /** An approval was decided or a child execution ended. `round` names the wait that this ends; missing means the current one. */
  | ({ type: 'resume'; payload: JsonValue; round?: string } & RunRef)
  | { type: 'cancel'; error: ErrorInfo }
  | { type: 'output'; output: JsonValue }
  | { type: 'output_failed'; error: ErrorInfo }
  | { type: 'compensated'; step_id: string; error?: ErrorInfo }
);

/** The input of one type. */
export type InputOf<T extends Input['type']> = Extract<Input, { type: T }>;
