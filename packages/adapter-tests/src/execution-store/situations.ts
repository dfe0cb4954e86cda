import type { Append, ExecutionStore, ExecutionSummary, Message, Origin, Woken } from '@vwmp/core/ports';
import { creation, progress } from '../samples.ts';

/** A lease that does not end while a test runs. */
export const long = 3_600_000;

/** A time that no clock has reached, and seconds after it. */
export function future(seconds = 0): { at: number; iso: string } {
  const at = Date.UTC(2100, 0, 1) + seconds * 1000;
  return { at, iso: new Date(at).toISOString() };
}

/** A worker whose clock is behind by an hour: what is ready at once is so for it, too. */
export function behind(): number {
  return Date.now() - 3_600_000;
}

/** Creates an execution that nobody owns and that is to be taken up at once. */
export function creationAtOnce(id: string, changes: Partial<ExecutionSummary> = {}): Append {
  return { ...creation(id, changes), wake_at: undefined };
}

/** Creates an execution that a worker owns. */
export function creationBy(worker: string, id: string, changes: Partial<ExecutionSummary> = {}): Append {
  return { ...creationAtOnce(id, changes), owner: worker };
}

/** Creates an execution that has not begun, to be taken up at once. */
export function pending(id: string, origin: Origin, changes: Partial<ExecutionSummary> = {}): Append {
  return { ...creationAtOnce(id, { status: 'pending', ...changes }), origin };
}

/** An append of one event by which an owner gives the execution back. */
export function release(id: string, seq: number, changes: Partial<Append> = {}): Append {
  return { ...progress(id, seq), owner: null, ...changes };
}

/** Creates an execution, to be taken up at once, whose owner is gone. */
export async function abandon(store: ExecutionStore, id: string): Promise<void> {
  const worker = `gone-${id}`;
  await store.heartbeat(worker, long);
  await store.append(creationBy(worker, id));
  await store.retire(worker);
}

export function message(id: string, execution_id: string, body: Message['body'] = { id }): Message {
  return { id, execution_id, body };
}

export async function waiting(store: ExecutionStore, executionId: string): Promise<string[]> {
  return (await store.messages(executionId)).map(({ id }) => id);
}

export function byId(woken: readonly Woken[]): Woken[] {
  return [...woken].sort((a, b) => (a.execution_id < b.execution_id ? -1 : 1));
}
