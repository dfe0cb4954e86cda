import { type BoundParameters, recordedParameters } from '../engine/parameters.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { StoredEvent } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ExecutionRecord, ExecutionStore } from '../ports/execution-store.ts';
import { createRedactor, type Redactor } from '../values/index.ts';
import type { Sealer } from './seal.ts';

/** The recorded events of an execution. */
export async function readHistory(store: ExecutionStore, id: string, after = 0): Promise<StoredEvent[]> {
  const history: StoredEvent[] = [];
  for await (const event of store.events(id, after)) history.push(event);
  return history;
}

/** When an execution was accepted, ISO 8601; that it started says nothing of it where it had to wait for its turn. */
export async function firstMoment(store: ExecutionStore, id: string): Promise<string> {
  for await (const { timestamp } of store.events(id)) return timestamp;
  return '';
}

/** What an execution was given, as its history shows it. */
export function givenTo(history: readonly StoredEvent[]): { parameters: JsonObject; trigger?: JsonValue } {
  const [first] = history;
  if (first?.event !== 'workflow_started' && first?.event !== 'workflow_queued') return { parameters: {} };
  const { parameters = {}, trigger } = first;
  return trigger === undefined ? { parameters } : { parameters, trigger };
}

/** What a worker needs to go on with an execution. */
export interface Resumption {
  parameters: BoundParameters;
  redactor: Redactor;
  trigger?: JsonValue;
}

/** @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG */
export function toResumption(
  workflow: Workflow,
  record: Pick<ExecutionRecord, 'origin'>,
  history: readonly StoredEvent[],
  sealer: Sealer,
): Resumption {
  const { parameters: shown, trigger } = givenTo(history);
  const redactor = createRedactor();
  const given = trigger === undefined ? {} : { trigger };
  const sealed = record.origin?.sealed;
  if (sealed === undefined) return { parameters: recordedParameters(workflow, shown), redactor, ...given };
  const { parameters: values, secrets, ...rest } = sealer.open(sealed);
  for (const secret of secrets) redactor.add(secret);
  return { parameters: { values: Object.freeze(values), shown, secrets: [] }, redactor, ...given, ...rest };
}
