import type { StoredEvent } from '@vwmp/core';
import type { Storage } from '@vwmp/core/ports';

/** Everything that was recorded of an execution. */
export async function eventsOf({ executions }: Storage, id: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of executions.events(id)) events.push(event);
  return events;
}

/** The ids of all executions. */
export async function idsOf({ executions }: Storage): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await executions.list({ limit: 500, cursor });
    for (const { id } of page.results) ids.push(id);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return ids;
}

/** Does something with each, several at a time. */
export async function forEach<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const one = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: 32 }, one));
}
