import type { RunRef } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { mask } from '../values/redactor.ts';
import { readExecution } from './read-execution.ts';

/** A question that a run asked, as the history tells. */
export interface Question {
  /** The wait of the run. */
  readonly round: string;
  /** Undefined while it is unanswered, and when it ended without an answer. */
  readonly answer: JsonValue | undefined;
}

/**
 * Finds a question of a run.
 *
 * @param round - the wait of the run; when it is missing the one that stood after the event with the number `asked`
 * @returns undefined when none did
 */
export async function readQuestion(
  store: ExecutionStore,
  id: string,
  ref: RunRef,
  round: string | undefined,
  asked?: number,
): Promise<Question | undefined> {
  let current: string | undefined;
  let found = round;
  let answer: JsonValue | undefined;
  await readExecution(store, id, (event, roundOf) => {
    const resumed = event.event === 'step_resumed' && current === found;
    if (resumed && event.step_id === ref.step_id && event.index === ref.index) answer = event.payload;
    current = roundOf(ref);
    if (event.seq === asked) found = current;
  });
  return found === undefined ? undefined : { round: found, answer };
}

/** Whether a recorded value is what was given; of what is hidden in it nobody can tell. */
export function isRecordOf(recorded: JsonValue | undefined, given: JsonValue | undefined): boolean {
  if (typeof recorded === 'string' && recorded.includes(mask)) return true;
  if (!isObject(recorded) || !isObject(given)) return recorded === given;
  const keys = new Set([...Object.keys(recorded), ...Object.keys(given)]);
  return [...keys].every((key) => isRecordOf(recorded[key], given[key]));
}

/** A list is compared like an object with the places as keys. */
function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
