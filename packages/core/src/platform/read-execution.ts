import { permanent } from '../engine/permanent.ts';
import { toExecution } from '../engine/result.ts';
import { roundAt, runAt } from '../engine/waits.ts';
import { hasCode, type VwmpError } from '../errors.ts';
import { compileDefinition, evolve, initialState } from '../machine/index.ts';
import type { RunRef, StoredEvent, Wait } from '../model/event.ts';
import type { Execution } from '../model/execution.ts';
import type { ExecutionRecord, ExecutionStore } from '../ports/execution-store.ts';
import { givenTo, readHistory } from './history.ts';

/** An execution as its recorded events tell it. */
export interface RecordedExecution {
  readonly record: ExecutionRecord;
  readonly identity: { readonly id: string };
  snapshot(): Execution;
  waitOf(ref: RunRef): Wait | undefined;
  /** Which wait of its run it is; undefined when it does not wait. */
  roundOf(ref: RunRef): string | undefined;
}

export function noExecution(id: string): VwmpError {
  return permanent('EXECUTION_NOT_FOUND', `There is no execution "${id}".`);
}

/** True when an execution that was to be told of something has ended, or is gone. */
export function isTooLate(error: unknown): boolean {
  return hasCode(error, 'EXECUTION_NOT_ACTIVE') || hasCode(error, 'EXECUTION_NOT_FOUND');
}

/**
 * @param look - told of each event, and of how its execution stands after it
 * @returns undefined when there is none with this id
 */
export async function readExecution(
  store: ExecutionStore,
  id: string,
  look?: (event: StoredEvent, roundOf: RecordedExecution['roundOf']) => void,
): Promise<RecordedExecution | undefined> {
  const record = await store.get(id);
  if (!record) return undefined;
  const history = await readHistory(store, id);
  // It was removed between the two reads.
  if (history.length === 0) return undefined;
  const definition = compileDefinition(record.document);
  const state = initialState(definition);
  const roundOf = (ref: RunRef): string | undefined => roundAt(definition, state, ref);
  for (const event of history) {
    evolve(definition, state, event, event.timestamp);
    look?.(event, roundOf);
  }
  const { workflow_id, workflow_version } = record;
  const identity = { id, workflow_id, workflow_version, ...givenTo(history) };
  return {
    record,
    identity,
    snapshot: () => toExecution(identity, definition, state),
    waitOf: (ref) => runAt(definition, state, ref)?.wait,
    roundOf,
  };
}
