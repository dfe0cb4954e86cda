import type { LogEntry, LogStore } from '../../ports/log-store.ts';
import type { Clearable, Gate } from './gate.ts';
import { matchesLog } from './log-query.ts';
import { pageOf } from './page.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryLogStoreOptions {
  /** So many entries of each execution stay; the oldest go. @defaultValue 10000 */
  maxEntries?: number;
}

/** What the store has to do with the others of its storage. */
export interface LogStoreParts {
  gate: Gate;
  /** Whether an execution is there. */
  has(executionId: string): boolean;
}

type Numbered = [key: string, entry: LogEntry];

/** Makes the store as a part of a storage: entries come and go with their execution. */
export function logStoreOf(
  { maxEntries = 10_000 }: MemoryLogStoreOptions,
  { gate, has }: LogStoreParts,
): LogStore & Clearable & { forget(executionId: string): void } {
  /** By a key that grows; a map gives up its oldest entry without moving the others. */
  const logs = new Map<string, Map<string, LogEntry>>();
  let added = 0;

  const addOne = (entry: LogEntry): void => {
    const entries = logs.get(entry.execution_id) ?? new Map<string, LogEntry>();
    logs.set(entry.execution_id, entries.set(String(++added).padStart(15, '0'), entry));
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  };

  return {
    open: gate.open,
    close: gate.close,
    clear: () => logs.clear(),
    forget: (executionId) => void logs.delete(executionId),
    async add(entries) {
      gate.check();
      for (const entry of entries.map(snapshot)) if (has(entry.execution_id)) addOne(entry);
    },
    async list(executionId, query = {}) {
      gate.check();
      const matching: Numbered[] = [...(logs.get(executionId) ?? [])].filter(([, entry]) =>
        matchesLog(entry, query),
      );
      const page = pageOf(matching, ([key]) => key, query, 'ascending');
      return { ...page, results: page.results.map(([, entry]) => entry) };
    },
  };
}
