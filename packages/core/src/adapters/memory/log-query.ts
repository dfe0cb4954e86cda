import type { LogEntry, LogQuery } from '../../ports/log-store.ts';

/** Whether an entry is what {@link LogQuery} asks for. */
export function matchesLog({ step_id, level }: LogEntry, query: LogQuery): boolean {
  return (
    (query.step_id === undefined || step_id === query.step_id) &&
    (query.level === undefined || query.level.includes(level))
  );
}
