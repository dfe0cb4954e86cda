import type { ExecutionStatus } from '../model/execution.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import type { Concurrency } from './concurrency.ts';
import { firstMoment } from './history.ts';
import { isTooLate } from './read-execution.ts';

export interface Newcomer {
  readonly id: string;
  readonly acceptedAt: string;
}

export interface MakeRoomOptions {
  readonly executions: ExecutionStore;
  cancel(id: string, reason: string): Promise<void>;
}

/**
 * Of those with the key of an execution, cancels so many of the oldest that it has room. Only those that came before it: two that
 * are started at once would cancel each other.
 */
export async function makeRoom(
  { id, acceptedAt }: Newcomer,
  { key, limit }: Concurrency,
  { executions, cancel }: MakeRoomOptions,
): Promise<void> {
  const status: ExecutionStatus[] = ['pending', 'running', 'waiting'];
  const others: { id: string; order: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await executions.list({
      concurrency_key: key,
      status,
      limit: 500,
      ...(cursor && { cursor }),
    });
    for (const each of page.results) {
      const order = `${await firstMoment(executions, each.id)} ${each.id}`;
      if (order < `${acceptedAt} ${id}`) others.push({ id: each.id, order });
    }
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  // The store puts those first that began last, which need not be those that were accepted last.
  others.sort((one, other) => (one.order < other.order ? 1 : -1));
  for (const { id: other } of others.slice(Math.max(limit - 1, 0))) {
    await cancel(other, 'A newer execution with its concurrency key was started.').catch((error: unknown) => {
      if (!isTooLate(error)) throw error;
    });
  }
}
