import type { Clock } from '../../ports/clock.ts';
import type { Storage } from '../../ports/storage.ts';
import { auditStoreOf } from './audit-store.ts';
import { executionStoreOf } from './execution-store.ts';
import { createGate } from './gate.ts';
import { keyStoreOf } from './key-store.ts';
import { logStoreOf } from './log-store.ts';
import { scheduleStoreOf } from './schedule-store.ts';
import { workflowStoreOf } from './workflow-store.ts';

export interface MemoryStorageOptions {
  /** So many completed executions stay; those that completed first go. @defaultValue 1000 */
  maxCompleted?: number;
  /** So many versions of each document stay. @defaultValue 100 */
  maxVersions?: number;
  /** So many log entries of each execution stay; the oldest go. @defaultValue 10000 */
  maxEntries?: number;
  /** So many audit records stay; the oldest go. @defaultValue 1000 */
  maxRecords?: number;
  /** By which leases count. @defaultValue the clock of the system */
  clock?: Pick<Clock, 'now'>;
}

/**
 * Keeps everything in the memory of the process, and nothing beyond its end.
 *
 * @example
 * ```ts
 * const storage = createMemoryStorage({ maxCompleted: 100 });
 * await storage.open();
 * ```
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  const { maxCompleted, maxVersions, maxEntries, maxRecords, clock } = options;
  const gate = createGate('storage', {
    async close() {
      for (const store of [executions, workflows, schedules, logs, audit, keys]) store.clear();
    },
  });
  const executions = executionStoreOf({ maxCompleted, clock }, { gate, onForget: (id) => logs.forget(id) });
  const workflows = workflowStoreOf({ maxVersions, clock }, gate);
  const schedules = scheduleStoreOf(gate);
  const logs = logStoreOf({ maxEntries }, { gate, has: executions.has });
  const audit = auditStoreOf({ max: maxRecords }, gate);
  const keys = keyStoreOf(gate);

  return {
    ...{ executions, workflows, schedules, logs, audit, keys },
    open: gate.open,
    close: gate.close,
    async ping() {
      gate.check();
    },
  };
}
