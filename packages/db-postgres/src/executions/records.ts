import type { ExecutionRecord, StoredEvent, WorkflowDocument } from '@vwmp/core';
import { corrupt, createDocumentCache, eventOf, recordOf, toText } from 'db-common';
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
  /** Some of the events after `seq`, in order; none when there are no more. @throws STORE_CORRUPT */
  events(id: string, seq: number): Promise<StoredEvent[]>;
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
    async events(id, after) {
      const stored = toText(id);
      const sql = new Sql('events');
      const [given, from] = [sql.value(stored, 'text'), sql.value(after, 'bigint')];
      // What is large comes alone: the sizes are looked at first, which is known without reading what they are of.
      const statement = sql.end(
        () => `select seq, timestamp, body from events where execution_id = ${given} and seq > ${from} and seq <= (
            select coalesce(max(seq) filter (where sum <= ${pieceBytes}), min(seq)) from (
              select seq, sum(octet_length(body)) over (order by seq) as sum from (
                select seq, body from events where execution_id = ${given} and seq > ${from} order by seq limit ${pieceEvents}
              ) as next) as sums)
          order by seq`,
      );
      const [answer] = await pool.read([statement]);
      return answer!.rows.map(([seq, timestamp, body], index) => {
        if (Number(seq) !== after + index + 1)
          throw corrupt(`event ${after + index + 1} of the execution "${id}"`);
        return eventOf({ execution_id: stored, seq: Number(seq), timestamp: Number(timestamp), body: body! });
      });
    },
  };
}
