import type { ExecutionRecord, StoredEvent } from '@vwmp/core';
import { corrupt, type EventRow, eventOf, type RecordRow, recordOf, toText } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import type { Documents } from './documents.ts';

/** Reads executions and their histories. */
export interface Records {
  /** @param id - as it is stored */
  get(id: string): ExecutionRecord | undefined;
  /** Some of the events after `seq`, in order; none when there are no more. @throws STORE_CORRUPT */
  events(id: string, seq: number): StoredEvent[];
}

/** So many bytes of events are read at a time, or one event. */
const pieceSize = 1_000_000;
const pieceEvents = 250;

export function createRecords(connection: Connection, documents: Documents): Records {
  const find = connection.statement(
    `select id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message, epoch, owner,
      wake_at, ready_since, origin, document_hash,
      (select seq from events where execution_id = executions.id order by seq desc limit 1) as seq
      from executions where id = ?`,
  );
  const size = connection
    .statement(
      'select octet_length(body) from events where execution_id = ? and seq > ? order by seq limit ?',
    )
    .pluck();
  const piece = connection.statement(
    'select execution_id, seq, timestamp, body from events where execution_id = ? and seq > ? order by seq limit ?',
  );

  /** How many of the next events fit into a piece. */
  const fitting = (id: string, seq: number): number => {
    let count = 0;
    let sum = 0;
    for (const length of size.all(id, seq, pieceEvents) as number[]) {
      sum += length;
      if (count > 0 && sum > pieceSize) break;
      count++;
    }
    return count;
  };

  return {
    get(id) {
      const row = find.get(id) as (RecordRow & { document_hash: string }) | undefined;
      return row && recordOf(row, documents.read(row.document_hash));
    },
    events(id, seq) {
      const stored = toText(id);
      const count = fitting(stored, seq);
      if (count === 0) return [];
      const events = (piece.all(stored, seq, count) as EventRow[]).map(eventOf);
      for (const [index, event] of events.entries()) {
        if (event.seq === seq + index + 1) continue;
        throw corrupt(`event ${seq + index + 1} of the execution "${id}"`);
      }
      return events;
    },
  };
}
