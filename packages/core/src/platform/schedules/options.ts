import type { JsonObject } from '../../model/json.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { ExecutionStore, Origin } from '../../ports/execution-store.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import type { Storage } from '../../ports/storage.ts';
import type { WorkflowStore } from '../../ports/workflow-store.ts';
import type { Started } from '../platform.ts';

/** How a schedule starts an execution. */
export interface ScheduledStart {
  /** Of the schedule and the instant: starting it again gives the same execution. */
  idempotencyKey: string;
  /** `{ type: 'schedule', schedule_id, schedule, timezone, at }`. */
  trigger: JsonObject;
  /** Where the document says nothing of executions at the same time. */
  concurrency?: NonNullable<Origin['concurrency']>;
}

/** What a scheduler is made of. */
export interface SchedulerOptions {
  readonly workflows: WorkflowStore;
  readonly schedules: ScheduleStore;
  readonly executions: ExecutionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells schedulers of other processes that records were changed. @defaultValue they find it by themselves */
  readonly bus?: Pick<EventBus, 'wake' | 'onWake' | 'onResume'>;
  /** Whose changes by others are looked at, where it tells of them. */
  readonly storage?: Pick<Storage, 'onChange'>;
  /** Reads a document. What it throws means that the text is no workflow: its schedules stay as they are. */
  parse(text: string): WorkflowDocument | Promise<WorkflowDocument>;
  /**
   * Reads a text without checking it; what it gives may be anything. Used to see that nothing has changed, for which
   * {@link SchedulerOptions.parse} would be too much: compiling 1,000 workflows took 170 MB of heap. @defaultValue everything is parsed
   */
  glance?(text: string): unknown;
  /**
   * Starts an execution of a stored workflow.
   *
   * @param parameters - as the trigger has them: what stands in `${…}` has yet to be filled in
   */
  start(workflowId: string, parameters: JsonObject, options: ScheduledStart): Promise<Started>;
  /**
   * How often all documents are looked at, in milliseconds: those of some stores are also edited from outside, which tells
   * nobody. @defaultValue a quarter of an hour
   */
  readonly followInterval?: number;
  /** Whether waiting for the next schedule keeps the process alive. @defaultValue false */
  readonly keepAlive?: boolean;
}
