import type { Storage } from '@vwmp/core/ports';
import { auditStoreSuite } from './audit-store.ts';
import { executionStoreSuite } from './execution-store/index.ts';
import { lifecycleCases } from './lifecycle.ts';
import { logStoreSuite } from './log-store.ts';
import { scheduleStoreSuite } from './schedule-store.ts';
import { type Case, part, type Subject } from './suite.ts';
import { workflowStoreSuite } from './workflow-store.ts';

/** Everything that a {@link Storage} has to pass, by group. */
export function storageSuites(subject: Subject<Storage>): Record<string, Case[]> {
  return {
    executions: executionStoreSuite(part(subject, ({ executions }) => executions)),
    workflows: workflowStoreSuite(part(subject, ({ workflows }) => workflows)),
    schedules: scheduleStoreSuite(part(subject, ({ schedules }) => schedules)),
    logs: logStoreSuite(subject),
    audit: auditStoreSuite(part(subject, ({ audit }) => audit)),
    storage: lifecycleCases(subject, { ping: (storage: Storage) => storage.ping() }),
  };
}
