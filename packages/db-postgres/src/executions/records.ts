import type { ExecutionRecord, StoredEvent, WorkflowDocument } from '@vwmp/core';
import type { Claimed } from '@vwmp/core/ports';
import { corrupt, createDocumentCache, eventOf, fromText, fromTime, recordOf, toText } from 'db-common';
import type { Answer } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { Sql } from '../sql.ts';

/** A row of {@link recordColumns}. */
type Row = Answer['rows'][number];

/** Reads executions and their histories. */
export interface Records {
  get(id: string): Promise<ExecutionRecord | undefined>;
  /** Hashes of documents that need not be read. */
  known(): string[];
  /** @throws STORE_CORRUPT */
  read(row: Row): Promise<ExecutionRecord>;
  /** Reads a row of {@link recordColumns} and {@link belongings}. @throws STORE_CORRUPT */
  readClaimed(row: Row): Promise<Claimed>;
  /** Some of the events after `seq`, in order, and whether there are more. @throws STORE_CORRUPT */
  events(id: string, seq: number): Promise<{ events: StoredEvent[]; more: boolean }>;
}

const columns = [
  ...[
    'id',
    'workflow_id',
    'workflow_version',
    'status',
    'started_at',
    'completed_at',
    'error_code',
    'error_message',
  ],
  ...['epoch', 'owner', 'wake_at', 'ready_since', 'origin', 'document_hash'],
];

/** SQL: what {@link Records.read} reads. @param known - an array of the hashes of documents that are not needed */
export function recordColumns(table: string, known: string): string {
  const last = `(select v.seq from events as v where v.execution_id = ${table}.id order by v.seq desc limit 1)`;
  const hash = `${table}.document_hash`;
  const body = `case when not ${hash} = any(${known}) then (select d.body from documents as d where d.hash = ${hash}) end`;
  return [...columns.map((name) => `${table}.${name}`), last, body].join(', ');
}

/** A history of so many events at most is brought along with its execution, if none is larger than so many bytes. */
const short = { events: 16, bytes: 16_384 };

/**
 * SQL: what waits for an execution, and its history as a JSON array of times and events; null when it is not short. Those that were
 * queued have one event, most that were parked a few.
 */
export function belongings(table: string): string {
  const events = `select v.seq, v.timestamp, case when octet_length(v.body) <= ${short.bytes} then v.body end as body
    from events as v where v.execution_id = ${table}.id order by v.seq limit ${short.events + 1}`;
  const history = `select '[' || string_agg(timestamp || ',' || body, ',' order by seq) || ']' from (${events}) as all_of_it
    having count(*) <= ${short.events} and count(*) = count(body)`;
  return `${table}.inbox, (${history})`;
}

/** What a worker runs is a few workflows, of which it takes up many executions. */
const documentsKept = 50;
/** So many bytes of events are read at a time, or one event. */
const pieceBytes = 1_000_000;
const pieceEvents = 250;

export function createRecords(pool: Pool): Records {
  const documents = createDocumentCache(documentsKept);

  /** Of what the cache has, or nearly. */
  const hashes = new Set<string>();

  const documentOf = async (hash: string, read: string | null): Promise<WorkflowDocument> => {
    const known = documents.get(hash);
    if (known) return known;
    let body = read;
    if (body === null) {
      // It was known when the row was read and has made room for others since.
      const [answer] = await pool.read([
        { name: 'document', text: 'select body from documents where hash = $1', values: [hash] },
      ]);
      body = answer!.rows[0]?.[0] ?? null;
    }
    if (body === null) throw corrupt(`the document ${hash}`);
    hashes.add(hash);
    if (hashes.size > documentsKept) hashes.delete(hashes.keys().next().value!);
    return documents.read({ hash, body });
  };

  const read: Records['read'] = async (row) => {
    const [id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message] =
      row;
    const [epoch, owner, wake_at, ready_since, origin, hash, seq, body] = row.slice(8);
    const number = (text: string | null | undefined): number | null => (text == null ? null : Number(text));
    const document = await documentOf(hash!, body!);
    return recordOf(
      {
        ...{ id: id!, workflow_id: workflow_id!, workflow_version: workflow_version!, status: status! },
        ...{ started_at: Number(started_at), completed_at: number(completed_at) },
        ...{ error_code: error_code!, error_message: error_message!, origin: origin! },
        ...{ epoch: Number(epoch), seq: Number(seq) },
        ...{ owner: owner!, wake_at: number(wake_at), ready_since: number(ready_since) },
      },
      document,
    );
  };

  return {
    read,
    known: () => [...hashes],
    async get(id) {
      const sql = new Sql('record');
      const [given, known] = [sql.value(toText(id), 'text'), sql.texts([...hashes])];
      const statement = sql.end(
        () => `select ${recordColumns('e', known)} from executions as e where e.id = ${given}`,
      );
      const [answer] = await pool.read([statement]);
      const row = answer!.rows[0];
      return row && (await read(row));
    },
    async readClaimed(row) {
      const record: Claimed = await read(row);
      const [inbox, history] = row.slice(columns.length + 2);
      if (inbox === '0') record.inbox = [];
      if (history != null) {
        const events = readHistory(row[0]!, history);
        // What cannot be read is reported by whoever reads it by itself.
        if (events?.length === record.seq) record.history = events;
      }
      return record;
    },
    async events(id, after) {
      const stored = toText(id);
      const sql = new Sql('events');
      const [given, from] = [sql.value(stored, 'text'), sql.value(after, 'bigint')];
      // What is large comes alone: the sizes are looked at first, which is known without reading what they are of.
      const statement = sql.end(
        () => `select seq, timestamp, body, (select max(seq) from events where execution_id = ${given}) from events where execution_id = ${given} and seq > ${from} and seq <= (
            select coalesce(max(seq) filter (where sum <= ${pieceBytes}), min(seq)) from (
              select seq, sum(octet_length(body)) over (order by seq) as sum from (
                select seq, body from events where execution_id = ${given} and seq > ${from} order by seq limit ${pieceEvents}
              ) as next) as sums)
          order by seq`,
      );
      const [answer] = await pool.read([statement]);
      const { rows } = answer!;
      const events = rows.map(([seq, timestamp, body], index) => {
        if (Number(seq) !== after + index + 1)
          throw corrupt(`event ${after + index + 1} of the execution "${id}"`);
        return eventOf({ execution_id: stored, seq: Number(seq), timestamp: Number(timestamp), body: body! });
      });
      const [seq, , , last] = rows.at(-1) ?? [];
      return { events, more: seq !== last };
    },
  };
}

/** @param history - times and events in turn, from the first one; undefined when they cannot be read */
function readHistory(executionId: string, history: string): StoredEvent[] | undefined {
  try {
    const parts = JSON.parse(history) as (number | object)[];
    const id = fromText(executionId);
    return Array.from({ length: parts.length / 2 }, (_, index) => {
      const [timestamp, body] = parts.slice(2 * index, 2 * index + 2) as [number, object];
      return { ...body, execution_id: id, seq: index + 1, timestamp: fromTime(timestamp) } as StoredEvent;
    });
  } catch {
    return undefined;
  }
}
