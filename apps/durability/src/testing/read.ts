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
