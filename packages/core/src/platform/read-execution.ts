import { toExecution } from '../engine/result.ts';
import { roundAt, runAt } from '../engine/waits.ts';
import { compileDefinition, evolve, initialState } from '../machine/index.ts';
import type { RunRef, Wait } from '../model/event.ts';
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

/** @returns undefined when there is none with this id */
export async function readExecution(
  store: ExecutionStore,
  id: string,
): Promise<RecordedExecution | undefined> {
  const record = await store.get(id);
  if (!record) return undefined;
  const history = await readHistory(store, id);
  // It was removed between the two reads.
  if (history.length === 0) return undefined;
  const definition = compileDefinition(record.document);
  const state = initialState(definition);
  for (const event of history) evolve(definition, state, event, event.timestamp);
  const { workflow_id, workflow_version } = record;
  const identity = { id, workflow_id, workflow_version, ...givenTo(history) };
  return {
    record,
    identity,
    snapshot: () => toExecution(identity, definition, state),
    waitOf: (ref) => runAt(definition, state, ref)?.wait,
    roundOf: (ref) => roundAt(definition, state, ref),
  };
}
