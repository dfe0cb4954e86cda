import type {
  AuditStore,
  EventBus,
  ExecutionStore,
  KeyStore,
  ScheduleStore,
  Storage,
  WorkflowStore,
} from '@vwmp/core/ports';
import { auditStoreSuite } from './audit-store.ts';
import { eventBusSuite } from './event-bus.ts';
import { executionStoreSuite } from './execution-store/index.ts';
import { keyStoreSuite } from './key-store.ts';
import { type Logging, logStoreSuite } from './log-store.ts';
import { queueBackendSuite } from './queue-backend/index.ts';
import type { QueueSubject } from './queue-backend/subject.ts';
import { register } from './register.ts';
import { scheduleStoreSuite } from './schedule-store.ts';
import { storageSuites } from './storage.ts';
import type { Case, Subject } from './suite.ts';
import { workflowStoreSuite } from './workflow-store.ts';

export type { Logging } from './log-store.ts';
export type { QueueCapabilities, QueuePlace, QueueSubject } from './queue-backend/subject.ts';
export type { Capabilities, Case, Place, Subject } from './suite.ts';

/**
 * Each function makes a group of vitest tests, named `name`, of everything that the contract of one port says.
 * Each test gets a place of its own.
 */
export function testExecutionStore(name: string, subject: Subject<ExecutionStore>): void {
  register(name, executionStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testWorkflowStore(name: string, subject: Subject<WorkflowStore>): void {
  register(name, workflowStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testScheduleStore(name: string, subject: Subject<ScheduleStore>): void {
  register(name, scheduleStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. Entries belong to an execution: the adapter has both stores, as a storage does. */
export function testLogStore(name: string, subject: Subject<Logging>): void {
  register(name, logStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testAuditStore(name: string, subject: Subject<AuditStore>): void {
  register(name, auditStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testKeyStore(name: string, subject: Subject<KeyStore>): void {
  register(name, keyStoreSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testEventBus(name: string, subject: Subject<EventBus>): void {
  register(name, eventBusSuite(subject), subject);
}

/** See {@link testExecutionStore}. */
export function testQueueBackend(name: string, subject: QueueSubject): void {
  register(name, queueBackendSuite(subject), subject);
}

/** The tests of {@link testQueueBackend} without a runner: to see that they fail for a queue that is broken, say. */
export function queueBackendCases(subject: QueueSubject): Case[] {
  return queueBackendSuite(subject);
}

/** All stores of a storage, and what they have to do with each other: a group for each, below `name`. */
export function testStorage(name: string, subject: Subject<Storage>): void {
  for (const [group, cases] of Object.entries(storageSuites(subject)))
    register(`${name} ${group}`, cases, subject);
}
