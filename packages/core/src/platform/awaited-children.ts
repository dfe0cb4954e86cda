import type { RunRef } from '../model/event.ts';
import type { ExecutionStore, Message } from '../ports/execution-store.ts';
import { readHistory } from './history.ts';
import { endOf, message } from './journal.ts';
import { type ChildSummary, endMessage, lostChild } from './message.ts';

/** A run that begins to wait for a child. */
export interface ChildWait {
  readonly ref: RunRef;
  /** Which wait of the run it is. */
  readonly round: string;
  readonly child: string;
}

/**
 * A child tells of its end only the run that started it attached, and only once. Any other run that waits for it would wait for
 * ever.
 *
 * @param id - of the execution that waits
 * @returns what is to be told at once, the same for the same wait; undefined when the end of the child will tell or has told
 */
export async function untold(
  store: ExecutionStore,
  id: string,
  { ref, round, child }: ChildWait,
): Promise<Message | undefined> {
  const record = await store.get(child);
  if (record && record.completed_at === undefined && isOf(record.origin?.parent, id, ref)) return undefined;
  const tell = (payload: ChildSummary): Message => {
    const name = [endMessage(child), ref.step_id, ref.index ?? '', round].join(':');
    return message(name, id, { type: 'child', ref, execution_id: child, payload: payload as never });
  };
  if (record && !isOf(record.origin?.parent, id, ref)) return tell(lostChild(child));
  // What was told is there until the run has gone on with it.
  if ((await store.messages(id)).some((waiting) => waiting.id === endMessage(child))) return undefined;
  if (!record) return tell(lostChild(child));
  return tell(endOf(child, await readHistory(store, child, record.seq - 1)));
}

function isOf(
  parent: { execution_id: string; step_id: string; index?: number; attached: boolean } | undefined,
  id: string,
  ref: RunRef,
): boolean {
  return (
    parent?.attached === true &&
    parent.execution_id === id &&
    parent.step_id === ref.step_id &&
    parent.index === ref.index
  );
}
