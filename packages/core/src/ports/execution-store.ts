import type { StoredEvent } from '../model/event.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Lifecycle, Page, PageQuery } from './lifecycle.ts';

/** What lists show of an execution. */
export interface ExecutionSummary {
  id: string;
  workflow_id: string;
  workflow_version: string;
  status: ExecutionStatus;
  /** ISO 8601. */
  started_at: string;
  completed_at?: string;
}

/** An execution as stored: its summary and how far its history goes. */
export interface ExecutionRecord extends ExecutionSummary {
  /** Number of the last event. */
  seq: number;
  /** Of the owner that appended last. */
  epoch: number;
  /** The document that it started with and runs to its end. */
  document: WorkflowDocument;
}

/** Facts that became true together. */
export interface Append {
  summary: ExecutionSummary;
  /** The number of the last event before these; 0 creates the execution, and `document` has to be there. */
  expected_seq: number;
  /** Fencing: refused when a higher one was seen. */
  epoch: number;
  events: readonly StoredEvent[];
  document?: WorkflowDocument;
}

export interface ExecutionQuery extends PageQuery {
  workflow_id?: string;
  status?: readonly ExecutionStatus[];
  /** ISO 8601, inclusive. */
  started_after?: string;
  /** ISO 8601, exclusive. */
  started_before?: string;
}

export interface Retention {
  /** Executions that completed longer ago than this many milliseconds go. */
  max_age?: number;
  /** Of each workflow, so many completed executions stay: those that completed last. */
  max_count?: number;
  workflow_id?: string;
}

/** Keeps executions: append-only events and a summary. */
export interface ExecutionStore extends Lifecycle {
  /**
   * Adds events, all or none, and returns once they would survive a crash of the process. Without events
   * (of an execution that is there) it replaces the summary and raises the epoch, so that a new owner can
   * shut out the one before.
   *
   * @throws ALREADY_EXISTS when `expected_seq` is 0 and the execution is there; else FENCED; else
   * VERSION_CONFLICT when `expected_seq` is not the last; STORE_UNAVAILABLE, which leaves open whether the
   * events are there (a lost connection, say): read before trying again
   */
  append(append: Append): Promise<void>;
  get(id: string): Promise<ExecutionRecord | undefined>;
  /** In order of `seq`, those after the given one; none for an unknown id. @throws STORE_CORRUPT */
  events(id: string, after?: number): AsyncIterable<StoredEvent>;
  /** Newest start first, equal ones by id. */
  list(query?: ExecutionQuery): Promise<Page<ExecutionSummary>>;
  /**
   * Removes completed executions that are over either limit, those that completed first before others.
   *
   * @param now - milliseconds since 1970
   * @param batch - at most so many in one go
   * @returns how many went
   */
  prune(retention: Retention, now: number, batch: number): Promise<number>;
}
