export type { AuditRecord, AuditStore } from './audit-store.ts';
export type { Clock, TimerOptions } from './clock.ts';
export type { EventBus } from './event-bus.ts';
export type {
  Append,
  Claimed,
  ExecutionQuery,
  ExecutionRecord,
  ExecutionStore,
  ExecutionSummary,
  Message,
  Origin,
  Retention,
  Woken,
} from './execution-store.ts';
export type { IdSource } from './id-source.ts';
export type { KeyRecord, KeyRole, KeyStore } from './key-store.ts';
export type { Lifecycle, Page, PageQuery } from './lifecycle.ts';
export type { LogEntry, LogQuery, LogStore } from './log-store.ts';
export type { Logger } from './logger.ts';
export type {
  ConsumeOptions,
  Consumer,
  DeadLetter,
  EnqueueOptions,
  NewTask,
  QueueBackend,
  QueueCounts,
  Task,
} from './queue-backend.ts';
export type { Fire, ScheduleQuery, ScheduleRecord, ScheduleStore } from './schedule-store.ts';
export type { SecretSource } from './secret-source.ts';
export type { Maintenance, MigrationStatus, Storage, TableSize } from './storage.ts';
export type { WorkflowDraft, WorkflowQuery, WorkflowRecord, WorkflowStore } from './workflow-store.ts';
