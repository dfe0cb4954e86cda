import { cancellation } from '../engine/active-execution.ts';
import { notify } from '../engine/observer.ts';
import { summaryOf } from '../engine/result.ts';
import { type ErrorInfo, hasCode } from '../errors.ts';
import {
  type Command,
  compileDefinition,
  evolve,
  initialState,
  isoTime,
  isUndoing,
  resume,
  type Transition,
  transition,
} from '../machine/index.ts';
import type { RecordedEvent, StoredEvent } from '../model/event.ts';
import type { Append, ExecutionRecord, ExecutionStore, Woken } from '../ports/execution-store.ts';
import { attachedChildren } from './attached-children.ts';
import { readHistory } from './history.ts';
import { toChildren, toParent } from './journal.ts';
import type { MessageBody } from './message.ts';
import type { PlatformParts } from './parts.ts';

export interface EndOptions {
  readonly parts: Pick<PlatformParts, 'storage' | 'clock' | 'host'>;
  wake(woken: readonly Woken[]): Promise<void>;
}

/** Why a worker cannot take up an execution. */
export interface Unable {
  readonly error: string;
  /** Whether it has tried since it was cancelled, and nobody else has done anything since then. */
  readonly again: boolean;
}

/**
 * Ends an execution that was cancelled while it waits for its turn: nobody may claim it before, and that may be never.
 */
export async function endWaiting(id: string, options: EndOptions): Promise<void> {
  const record = await options.parts.storage.executions.get(id);
  if (record?.status !== 'pending' || record.owner !== undefined || !record.origin?.concurrency) return;
  try {
    await endUnworked(record, options);
  } catch (error) {
    // Its turn has come meanwhile, and whoever works on it sees the message.
    if (!hasCode(error, 'FENCED') && !hasCode(error, 'VERSION_CONFLICT')) throw error;
  }
}

/**
 * Ends an execution that was cancelled and that nobody works on, without any of its handlers. What it has done and can be
 * undone is recorded as not undone.
 *
 * @param why - it cannot be worked on here; missing for one that has only to wait for its turn
 * @returns undefined when it was not cancelled, false when somebody else may yet undo what it has done
 */
export async function endUnworked(
  record: ExecutionRecord,
  options: EndOptions,
  why?: Unable,
): Promise<boolean | undefined> {
  const { storage, clock, host } = options.parts;
  const ending = await endingOf(record, storage.executions, clock.now(), why);
  if (!ending) return ending;
  const woken = await storage.executions.append(ending);
  for (const event of ending.events) for (const observer of host.observers) notify(observer, event, () => {});
  await options.wake(woken);
  return true;
}

async function endingOf(
  record: ExecutionRecord,
  store: ExecutionStore,
  now: number,
  why: Unable | undefined,
): Promise<Append | false | undefined> {
  const { id, workflow_id, workflow_version, seq, epoch, origin } = record;
  const bodies = (await store.messages(id)).map(({ body }) => body as unknown as MessageBody);
  const cancel = bodies.find((body) => body.type === 'cancel');
  if (!cancel) return undefined;
  const definition = compileDefinition(record.document);
  const state = initialState(definition);
  for (const event of await readHistory(store, id)) evolve(definition, state, event, event.timestamp);
  if (!why?.again && (state.undoable.length > 0 || (!why && state.phase !== 'pending'))) return false;
  const recorded: RecordedEvent[] = [];
  const open: Command[] = [];
  const take = ({ events, commands }: Transition): void => {
    for (const event of events) recorded.push(event);
    for (const command of commands) open.push(command);
  };
  if (state.phase === 'pending')
    take(transition(definition, state, { type: 'start', at: now, workflow_id, workflow_version }));
  if (!isUndoing(definition, state)) take(transition(definition, state, cancellation(cancel.reason, now)));
  if (state.phase !== 'completed') take(resume(definition, state, now));
  // Also over those that are added meanwhile.
  for (const command of open) {
    if (state.phase === 'completed') break;
    const message = `It was cancelled, and nobody could take it up: ${why?.error}`;
    const error: ErrorInfo = { code: 'STEP_CANCELLED', message, retryable: false };
    if (command.type === 'compensate')
      take(transition(definition, state, { type: 'compensated', at: now, step_id: command.step_id, error }));
    else if (command.type === 'abort')
      take(transition(definition, state, { ...command, type: 'cancelled', at: now }));
    else if (command.type === 'evaluate_output')
      take(transition(definition, state, { type: 'output_failed', at: now, error }));
  }
  if (state.phase !== 'completed') return false;
  const timestamp = isoTime(now);
  const events = recorded.map((event, index) => {
    return { ...event, seq: seq + index + 1, execution_id: id, timestamp } as StoredEvent;
  });
  const summary = summaryOf({ id, workflow_id, workflow_version, parameters: {} }, state);
  const messages = [...toParent(id, origin, events), ...toChildren(id, await attachedChildren(store, id))];
  // Not a higher one: it would be that of whoever claims it meanwhile, and is to find it as it was.
  return { summary, expected_seq: seq, epoch, events, messages };
}
