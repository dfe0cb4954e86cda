import { roundAt } from '../engine/waits.ts';
import { compileDefinition, evolve, initialState } from '../machine/index.ts';
import type { RunRef } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { mask } from '../values/redactor.ts';

/**
 * Whether a wait was answered otherwise, as its history tells: what is still unanswered, and what ended without an answer, was
 * not.
 *
 * @param round - of the wait
 */
export async function wasAnsweredOtherwise(
  store: ExecutionStore,
  id: string,
  { step_id, index, round }: RunRef & { round: string },
  answer: JsonValue,
): Promise<boolean> {
  const record = await store.get(id);
  if (!record) return false;
  const definition = compileDefinition(record.document);
  const state = initialState(definition);
  for await (const event of store.events(id)) {
    const here = event.event === 'step_resumed' && event.step_id === step_id && event.index === index;
    if (here && roundAt(definition, state, event) === round) return !isRecordOf(event.payload, answer);
    evolve(definition, state, event, event.timestamp);
  }
  return false;
}

/** Whether a recorded value is what was given; of what is hidden in it nobody can tell. */
function isRecordOf(recorded: JsonValue | undefined, given: JsonValue | undefined): boolean {
  if (typeof recorded === 'string' && recorded.includes(mask)) return true;
  if (!isObject(recorded) || !isObject(given)) return recorded === given;
  const keys = new Set([...Object.keys(recorded), ...Object.keys(given)]);
  return [...keys].every((key) => isRecordOf(recorded[key], given[key]));
}

/** A list is compared like an object with the places as keys. */
function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
