import type { Retention } from '@vwmp/core';
import { toText } from 'db-common';
import type { Pool } from '../connection/pool.ts';
import { Sql, slot, whole } from '../sql.ts';
import { lockDocuments, lockStatement } from './lock.ts';
import { transact } from './transact.ts';

/** An execution that is to go, as it was when it was found. */
interface Candidate {
  id: string;
  completed_at: number;
  /** How many events it has. */
  events: number;
}

/** So many executions are looked for at a time. */
const together = 100;
/** So many rows that belong to executions go in one transaction, or those of one execution. */
const stride = 5000;

/** Makes what removes executions that have ended, bit by bit: nobody waits for it for longer than a moment. */
export function createPrune(
  pool: Pool,
): (retention: Retention, now: number, batch: number) => Promise<number> {
  return async (retention, now, batch) => {
    let removed = 0;
    for (let left = whole(batch); left > 0; ) {
      const candidates = await find(pool, retention, now, Math.min(left, together));
      if (candidates.length === 0) break;
      left -= candidates.length;
      for (const piece of pieces(candidates)) removed += await remove(pool, piece);
    }
    return removed;
  };
}

/** Finds those that completed first of what is over a limit. Indexes: `completed`, `retained`, the primary one of tallies. */
async function find(
  pool: Pool,
  { max_age, max_count, workflow_id }: Retention,
  now: number,
  limit: number,
): Promise<Candidate[]> {
  const sql = new Sql('prunable');
  const most = sql.value(limit, 'bigint');
  const workflow = workflow_id === undefined ? undefined : sql.value(toText(workflow_id), 'text');
  if (workflow !== undefined) sql.form('workflow');
  const of = workflow === undefined ? '' : `and workflow_id = ${workflow}`;
  const ended = 'listed is not null and completed_at is not null';
  const parts: string[] = [];
  if (max_age !== undefined) {
    sql.form('age');
    const before = sql.value(whole(now - max_age), 'bigint');
    parts.push(
      `(select id, completed_at from executions where ${ended} ${of} and completed_at < ${before} order by completed_at, id limit ${most})`,
    );
  }
  if (max_count !== undefined) {
    sql.form('count');
    const keep = sql.value(Math.max(whole(max_count), 0), 'bigint');
    // Of each workflow that may have too many: the newest one that goes, and those before it.
    parts.push(
      `(select over.id, over.completed_at from (select workflow_id from tallies where true ${of} group by 1 having sum(n) > ${keep}) as w
        cross join lateral (select completed_at, id from executions as e where e.workflow_id = w.workflow_id and ${ended}
          order by completed_at desc, id desc limit 1 offset ${keep}) as first
        cross join lateral (select e.id, e.completed_at from executions as e where e.workflow_id = w.workflow_id and ${ended}
          and (e.completed_at, e.id) <= (first.completed_at, first.id) order by completed_at, id limit ${most}) as over)`,
    );
  }
  if (parts.length === 0) return [];
  const statement = sql.end(
    () => `select id, completed_at, (select v.seq from events as v where v.execution_id = id order by v.seq desc limit 1)
      from (${parts.join(' union ')}) as found order by completed_at, id limit ${most}`,
  );
  const [answer] = await pool.read([statement]);
  return answer!.rows.map(([id, completed, events]) => ({
    id: id!,
    completed_at: Number(completed),
    events: Number(events),
  }));
}

function* pieces(candidates: readonly Candidate[]): Iterable<Candidate[]> {
  let piece: Candidate[] = [];
  let rows = 0;
  for (const candidate of candidates) {
    if (piece.length > 0 && rows + candidate.events > stride) {
      yield piece;
      piece = [];
      rows = 0;
    }
    piece.push(candidate);
    rows += candidate.events;
  }
  yield piece;
}

/** Removes executions, unless they went on, with everything that belongs to them. @returns how many */
async function remove(pool: Pool, candidates: readonly Candidate[]): Promise<number> {
  const hashes = new Set<string>();
  let removed = 0;
  for (let more = true; more; ) {
    const lock = lockStatement({ ids: candidates.map(({ id }) => id) });
    const answers = await transact(pool, [lock, removeLogs(candidates), removeExecutions(candidates)]);
    const gone = answers[2]!.rows;
    removed += gone.length;
    for (const [hash] of gone) hashes.add(hash!);
    more = answers[1]!.count === stride;
  }
  if (hashes.size > 0) await transact(pool, [lockDocuments, removeDocuments([...hashes])]);
  return removed;
}

type Statement = ReturnType<Sql['end']>;

function given(name: string, candidates: readonly Candidate[]): Sql {
  const sql = new Sql(name);
  sql.given('given', { id: 'text', completed_at: 'bigint', events: 'bigint' }, candidates);
  return sql;
}

function removeLogs(candidates: readonly Candidate[]): Statement {
  return given('prune_logs', candidates).end(
    () => `delete from logs where ctid = any (array(select l.ctid from given as g
      join executions as e on e.id = g.id and e.completed_at = g.completed_at
      join logs as l on l.execution_id = g.id limit ${stride}))`,
  );
}

/** Those of which no logs are left. Gives the hashes of their documents. */
function removeExecutions(candidates: readonly Candidate[]): Statement {
  const sql = given('prune', candidates);
  sql.with(
    'gone',
    () => `delete from executions as e using given as g where e.id = g.id and e.completed_at = g.completed_at
      and not exists (select from logs as l where l.execution_id = g.id)
      returning e.id, e.workflow_id, e.status, e.document_hash`,
  );
  for (const table of ['events', 'messages']) {
    sql.with(`gone_${table}`, () => `delete from ${table} as t using gone as g where t.execution_id = g.id`);
  }
  sql.with(
    'tallied',
    () => `insert into tallies as t (workflow_id, status, slot, n)
      select workflow_id, status, ${slot}, -count(*) from gone group by 1, 2 order by 1, 2
      on conflict (workflow_id, status, slot) do update set n = t.n + excluded.n`,
  );
  return sql.end(() => 'select document_hash from gone');
}

/** Index: `document`. */
function removeDocuments(hashes: readonly string[]): Statement {
  const sql = new Sql('prune_documents');
  const given = sql.texts(hashes);
  return sql.end(
    () => `delete from documents as d where d.hash = any(${given})
      and not exists (select from executions as e where e.document_hash = d.hash and e.listed is not null)`,
  );
}
