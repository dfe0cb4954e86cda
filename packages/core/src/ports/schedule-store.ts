import type { JsonObject } from '../model/json.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** A schedule trigger of a workflow that is being watched. */
export interface ScheduleRecord {
  /** Stable for as long as the workflow has it. */
  id: string;
  workflow_id: string;
  /** Cron, five fields. */
  schedule: string;
  /** IANA name. */
  timezone: string;
  overlap: 'skip' | 'queue' | 'allow';
  catchup: 'none' | 'last' | 'all';
  parameters: JsonObject;
  paused: boolean;
  /** ISO 8601. What was to fire up to here, itself included, has been decided. */
  decided_until: string;
}

/** What became of one instant of a schedule. Schedule and instant identify it: it is decided once. */
export interface Fire {
  schedule_id: string;
  /** The instant, ISO 8601. */
  at: string;
  outcome: 'started' | 'skipped' | 'missed';
  /** Why it did not start, for people. */
  reason?: string;
  execution_id?: string;
  /** ISO 8601. */
  decided_at: string;
}

export interface ScheduleQuery extends PageQuery {
  workflow_id?: string;
}

/** Keeps schedules and how far they have been carried out. */
export interface ScheduleStore extends Lifecycle {
  get(id: string): Promise<ScheduleRecord | undefined>;
  /** Ordered by id. */
  list(query?: ScheduleQuery): Promise<Page<ScheduleRecord>>;
  /** Adds or replaces it; `decided_until` of one that is there never goes back. */
  put(schedule: ScheduleRecord): Promise<void>;
  /** With its fires. Idempotent. */
  remove(id: string): Promise<void>;
  /**
   * Notes what became of the instants after `from` up to `until`, all or nothing. Of each schedule at least the newest 1000 fires are kept.
   *
   * @returns false, and nothing changed, when `decided_until` is not `from`: someone else decided, or it was removed
   */
  decide(id: string, from: string, until: string, fires: readonly Fire[]): Promise<boolean>;
  /** Newest instant first. */
  fires(id: string, query?: PageQuery): Promise<Page<Fire>>;
}
