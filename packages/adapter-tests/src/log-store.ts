import type { Lifecycle, LogEntry, LogStore, Storage } from '@vwmp/core/ports';
import { lifecycleCases, type Uses } from './lifecycle.ts';
import { second } from './samples.ts';
import { type Case, part, type Subject } from './suite.ts';

/** What the tests of a {@link LogStore} need besides it: entries belong to an execution. */
export type Logging = Lifecycle & Pick<Storage, 'executions' | 'logs'>;

/** Everything that a {@link LogStore} has to pass. */
export function logStoreSuite(subject: Subject<Logging>): Case[] {
  const uses: Uses<LogStore> = {
    add: (store) => store.add([entry('e1', 1)]),
    list: (store) => store.list('e1'),
  };
  return lifecycleCases(
    part(subject, ({ logs }) => logs),
    uses,
  );
}

function entry(execution_id: string, n: number, changes: Partial<LogEntry> = {}): LogEntry {
  return { execution_id, timestamp: second(n), level: 'info', message: `message ${n}`, ...changes };
}
