import type {
  ExecutionRecord,
  ExecutionStatus,
  ExecutionSummary,
  Origin,
  StoredEvent,
  WorkflowDocument,
} from '@vwmp/core';
import type { EventRow, ExecutionRow } from '../schema/tables.ts';
import { parseStored as parse } from '../values/stored.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime, toTime } from '../values/time.ts';
import { folded, wordsOf } from '../values/words.ts';
import type { Standing } from './standing.ts';

/** The columns of a summary. */
export type SummaryColumns = Pick<
  ExecutionRow,
  | 'workflow_id'
  | 'workflow_version'
  | 'status'
  | 'started_at'
  | 'completed_at'
  | 'error_code'
  | 'error_message'
  | 'error_words'
>;

/** The columns that stay as they were at the creation. */
export type OriginColumns = Pick<
  ExecutionRow,
  'id' | 'folded_id' | 'idempotency_key' | 'parent_id' | 'concurrency_key' | 'concurrency_limit' | 'origin'
>;

export function summaryColumns(summary: ExecutionSummary): SummaryColumns {
  const { id, error, completed_at } = summary;
  return {
    workflow_id: toText(summary.workflow_id),
    workflow_version: toText(summary.workflow_version),
    status: summary.status,
    started_at: toTime(summary.started_at, `The start of the execution "${id}"`),
    completed_at:
      completed_at === undefined ? null : toTime(completed_at, `The end of the execution "${id}"`),
    error_code: error ? toText(error.code) : null,
    error_message: error ? toText(error.message) : null,
    error_words: (error && wordsOf(error.message)) || null,
  };
}

export function originColumns(id: string, origin: Origin | undefined): OriginColumns {
  const sought = folded(id);
  const columns: OriginColumns = {
    id: toText(id),
    folded_id: sought === id ? null : toText(sought),
    idempotency_key: null,
    parent_id: null,
    concurrency_key: null,
    concurrency_limit: null,
    origin: null,
  };
  if (!origin) return columns;
  const { idempotency_key: key, parent, concurrency } = origin;
  columns.origin = JSON.stringify(origin);
  if (key !== undefined) columns.idempotency_key = toText(key);
  if (parent) columns.parent_id = toText(parent.execution_id);
  if (concurrency) {
    columns.concurrency_key = toText(concurrency.key);
    columns.concurrency_limit = concurrency.limit;
  }
  return columns;
}

/** What {@link summaryOf} reads. */
export type SummaryRow = Omit<SummaryColumns, 'error_words'> & Pick<ExecutionRow, 'id'>;

export function summaryOf(row: SummaryRow): ExecutionSummary {
  const { completed_at, error_code: code } = row;
  return {
    id: fromText(row.id),
    workflow_id: fromText(row.workflow_id),
    workflow_version: fromText(row.workflow_version),
    status: row.status as ExecutionStatus,
    started_at: fromTime(row.started_at),
    ...(completed_at !== null && { completed_at: fromTime(completed_at) }),
    ...(code !== null && { error: { code: fromText(code), message: fromText(row.error_message ?? '') } }),
  };
}

/** What {@link recordOf} reads. */
export type RecordRow = SummaryRow & Standing & Pick<ExecutionRow, 'epoch' | 'origin'> & { seq: number };

/** @throws STORE_CORRUPT */
export function recordOf(row: RecordRow, document: WorkflowDocument): ExecutionRecord {
  const summary = summaryOf(row);
  const { owner, origin } = row;
  const wakeAt = row.wake_at ?? row.ready_since;
  return {
    ...summary,
    seq: row.seq,
    epoch: row.epoch,
    document,
    ...(origin !== null && {
      origin: parse<Origin>(origin, () => `the origin of the execution "${summary.id}"`),
    }),
    ...(owner !== null && { owner: fromText(owner) }),
    ...(wakeAt !== null && { wake_at: fromTime(wakeAt) }),
  };
}

/** The row of an event. @param executionId - as it is stored */
export function eventRow(event: StoredEvent, executionId: string): EventRow {
  const { execution_id, seq, timestamp } = event;
  // JSON leaves them out; a copy without them takes longer.
  const body = { ...event, execution_id: undefined, seq: undefined, timestamp: undefined };
  return {
    execution_id: executionId,
    seq,
    timestamp: toTime(timestamp, `The time of event ${seq} of the execution "${execution_id}"`),
    body: JSON.stringify(body),
  };
}

/** @throws STORE_CORRUPT */
export function eventOf({ execution_id, seq, timestamp, body }: EventRow): StoredEvent {
  const id = fromText(execution_id);
  const fields = parse<Omit<StoredEvent, 'execution_id' | 'seq' | 'timestamp'>>(
    body,
    () => `event ${seq} of the execution "${id}"`,
  );
  return { ...fields, execution_id: id, seq, timestamp: fromTime(timestamp) } as StoredEvent;
}
