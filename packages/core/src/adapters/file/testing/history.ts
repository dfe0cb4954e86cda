import { join } from 'node:path';
import type { StoredEvent } from '../../../model/event.ts';
import { executionPath } from '../execution-path.ts';
import { createFileExecutionStore } from '../execution-store.ts';

/** The file of an execution. */
export function historyFile(folder: string, id: string): string {
  return join(folder, '.vwmp', 'executions', executionPath(id));
}

/** Reads the events of an execution as a process would that just started. */
export async function readHistory(folder: string, id: string): Promise<StoredEvent[]> {
  const store = createFileExecutionStore({ folder });
  await store.open();
  try {
    const events: StoredEvent[] = [];
    for await (const event of store.events(id)) events.push(event);
    return events;
  } finally {
    await store.close();
  }
}
