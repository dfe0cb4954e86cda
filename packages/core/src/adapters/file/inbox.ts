import type { Message } from '../../ports/execution-store.ts';
import { isCompleted } from '../memory/execution-query.ts';
import type { HistoryLine, HistoryTail } from './history.ts';
import { readLog } from './log-reader.ts';

/**
 * The messages that wait for an execution, by id, in the order of arrival.
 *
 * @param size - of the history that `tail` was read from
 */
export async function readInbox(
  path: string,
  tail: Pick<HistoryTail, 'inbox'> | undefined,
  size: number,
): Promise<Map<string, Message>> {
  const waiting = new Map<string, Message>();
  if (!tail?.inbox) return waiting;
  for await (const { body } of readLog<HistoryLine>(path, { from: tail.inbox.since, until: size })) {
    for (const message of body.posted ?? []) waiting.set(message.id, message);
    for (const id of body.handled ?? []) waiting.delete(id);
    if (isCompleted(body.summary)) waiting.clear();
  }
  return waiting;
}

/** Whether a message stands in a history between two offsets, handled or not. */
export async function wasPosted(path: string, id: string, from: number, until: number): Promise<boolean> {
  if (from >= until) return false;
  for await (const { body } of readLog<HistoryLine>(path, { from, until })) {
    if (body.posted?.some((message) => message.id === id)) return true;
  }
  return false;
}
