import type { EventRow } from 'db-common';
import type { Statement } from '../connection/exchange.ts';
import { now, Sql, slot, type Type } from '../sql.ts';
import type { ChangedRow, CreatedRow, HandledRow, Item, MailRow } from './item.ts';
import { holderWithLease, isFree } from './standing-sql.ts';

/** Appends that are carried out together: one of each execution, and none to which another one sends a message. */
export interface AppendBatch {
  items: readonly Item[];
  /** Documents that the database may not have yet, by their hash. */
  documents: ReadonlyMap<string, string>;
}

/**
 * Carries out appends, each by itself: one that is refused does not keep the others from being done. Gives rows of four:
 *
 * - `done`, id, nothing, whether it became ready and nobody owns it (`true`)
 * - `fenced` or `conflict`, id, epoch and number of the last event as they are
 * - `taken`, id: the id or the idempotency key is there; `limit`, id; `undocumented`, id: its document is not there
 * - `sent`, id of the sender, id of the target, who owns that and has a lease
 *
 * It is put together of what the batch needs, and each form of it prepared once. The executions and the targets of messages
 * are locked: what it reads is how things are. Uses the unique index of executions by id and the primary one of events; for
 * creations that of idempotency keys, for messages both of theirs.
 */
export function appendStatement({ items, documents }: AppendBatch): Statement {
  const sql = new Sql('append', items.length === 1);
  const created = items.flatMap((item) => item.created ?? []);
  const changed = items.flatMap((item) => item.changed ?? []);
  const events = items.flatMap((item) => item.events);
  const mail = items.flatMap((item) => item.mail);
  const parts: Part[] = [];
  if (created.length > 0) parts.push(create(sql, created, documents));
  if (changed.length > 0) {
    parts.push(
      change(
        sql,
        changed,
        items.flatMap((item) => item.handled),
      ),
    );
  }
  const join = (name: keyof Part): string => parts.flatMap((part) => part[name]).join(' union all ');
  sql.with('accepted', () => join('accepted'));
  if (events.length > 0) {
    sql.given<EventRow>(
      'news',
      { execution_id: 'text', seq: 'bigint', timestamp: 'bigint', body: 'text' },
      events,
    );
    sql.with(
      'recorded',
      () => `insert into events (execution_id, seq, timestamp, body)
        select n.execution_id, n.seq, n.timestamp, n.body from news as n join accepted as a on a.id = n.execution_id`,
    );
  }
  sql.with(
    'tallied',
    () => `insert into tallies as t (workflow_id, status, slot, n)
      select workflow_id, status, ${slot}, sum(step) from (${join('steps')}) as steps
      group by 1, 2 having sum(step) <> 0 order by 1, 2
      on conflict (workflow_id, status, slot) do update set n = t.n + excluded.n`,
  );
  if (mail.length > 0) parts.push(send(sql, mail));
  return sql.end(() => join('results'));
}

/** What a part of the statement brings to the whole. */
interface Part {
  /** `select id` of what was accepted. */
  accepted: string[];
  /** `select workflow_id, status, step`: how counts change. */
  steps: string[];
  results: string[];
}

const summaryTypes = {
  workflow_id: 'text',
  workflow_version: 'text',
  status: 'text',
  started_at: 'bigint',
  completed_at: 'bigint',
  error_code: 'text',
  error_message: 'text',
  error_words: 'text',
} as const;

const createdTypes: { [K in keyof CreatedRow]: Type } = {
  ...summaryTypes,
  id: 'text',
  folded_id: 'text',
  idempotency_key: 'text',
  parent_id: 'text',
  origin: 'text',
  concurrency_key: 'text',
  concurrency_limit: 'bigint',
  skip: 'boolean',
  epoch: 'bigint',
  document_hash: 'text',
  owner: 'text',
  wake_at: 'bigint',
  at_once: 'boolean',
};

const changedTypes: { [K in keyof ChangedRow]: Type } = {
  ...summaryTypes,
  id: 'text',
  expected: 'bigint',
  epoch: 'bigint',
  owns: 'boolean',
  owner: 'text',
  wakes: 'boolean',
  wake_at: 'bigint',
};

function create(sql: Sql, created: readonly CreatedRow[], documents: ReadonlyMap<string, string>): Part {
  sql.given<CreatedRow>('born', createdTypes, created);
  // The text of most documents is there already, and not sent again.
  let documented = 'exists (select from documents as d where d.hash = document_hash)';
  if (documents.size > 0) {
    const rows = [...documents].map(([hash, body]) => ({ hash, body }));
    sql.given('papers', { hash: 'text', body: 'text' }, rows);
    sql.with(
      'filed',
      () =>
        'insert into documents (hash, body) select hash, body from papers order by hash on conflict do nothing',
    );
    documented = `(${documented} or exists (select from papers as p where p.hash = document_hash))`;
  }
  let full = '';
  let turn = 'null::bigint';
  if (created.some((row) => row.concurrency_key !== null)) {
    sql.form('turns');
    full = `when skip and (exists (select from executions as e where e.id = born.id) or exists (select from executions as e
        where e.workflow_id = born.workflow_id and e.idempotency_key = born.idempotency_key)) then 'taken'
      when skip and (select count(*) from executions as e where e.concurrency_key = born.concurrency_key and e.turn is not null)
      + (select count(*) from executions as e where e.concurrency_key = born.concurrency_key
        and e.completed_at is null and e.turn is null) >= concurrency_limit then 'limit'`;
    // At the end of the line. Whose turn it is then, the statement after this one finds out.
    turn = `case when concurrency_key is not null and status = 'pending' and completed_at is null then
      coalesce((select max(e.turn) from executions as e where e.concurrency_key = judged.concurrency_key and e.turn is not null), 0)
      + row_number() over (partition by concurrency_key order by i) end`;
  }
  sql.with(
    'judged',
    () =>
      `select *, case when not ${documented} then 'undocumented' ${full} else 'done' end as kind from born`,
  );
  sql.with(
    'created',
    () => `insert into executions (id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message,
        error_words, epoch, document_hash, owner, wake_at, ready_since, inbox, idempotency_key, parent_id, concurrency_key,
        concurrency_limit, turn, folded_id, listed, origin)
      select id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message,
        error_words, epoch, document_hash, owner, wake_at, case when at_once then ${now} end, 0, idempotency_key, parent_id,
        concurrency_key, concurrency_limit, ${turn}, folded_id, started_at, origin
      from judged where kind = 'done'
      on conflict do nothing
      returning id, workflow_id, status, completed_at, owner, wake_at, ready_since, turn`,
  );
  return {
    accepted: ['select id from created'],
    steps: ['select workflow_id, status, 1 as step from created'],
    results: [
      `select 'done', id, null, ${isFree((column) => column)}::text from created`,
      `select case kind when 'done' then 'taken' else kind end, id, null, null from judged
        where kind <> 'done' or not exists (select from created as c where c.id = judged.id)`,
    ],
  };
}

function change(sql: Sql, changed: readonly ChangedRow[], handled: readonly HandledRow[]): Part {
  sql.given<ChangedRow>('given', changedTypes, changed);
  const before = [
    ...[
      'epoch',
      'workflow_id',
      'status',
      'completed_at',
      'owner',
      'wake_at',
      'ready_since',
      'inbox',
      'turn',
      'concurrency_key',
    ],
  ].map((column) => `e.${column} as was_${column}`);
  sql.with(
    'checked',
    () => `select g.*, e.n, ${before.join(', ')}, last, case when g.epoch < e.epoch then 'fenced'
        when e.n is null or last <> expected then 'conflict' else 'done' end as kind
      from given as g left join executions as e on e.id = g.id cross join lateral (
        select coalesce(max(v.seq), 0) as last from events as v where v.execution_id = g.id) as history`,
  );
  let left = 'was_inbox';
  if (handled.length > 0) {
    sql.given<HandledRow>('handled', { execution_id: 'text', id: 'text' }, handled);
    sql.with(
      'answered',
      () => `delete from messages as m using handled as h, checked as c where c.id = h.execution_id and c.kind = 'done'
        and c.completed_at is null and m.execution_id = h.execution_id and m.id = h.id returning m.execution_id`,
    );
    left += ' - (select count(*) from answered as a where a.execution_id = c.id)';
  }
  const ends = changed.some((row) => row.completed_at !== null);
  if (ends) {
    sql.form('end');
    sql.with(
      'emptied',
      () => `delete from messages as m using checked as c where c.kind = 'done' and c.completed_at is not null
        and c.was_inbox > 0 and m.execution_id = c.id`,
    );
  }
  sql.with(
    'owned',
    () => `select c.*, case when completed_at is null then ${left} else 0 end as inbox,
        case when completed_at is null then case when owns then owner else was_owner end end as holder
      from checked as c where kind = 'done'`,
  );
  // In this order: it has an owner or has ended; a message waits; it was told when; it is handed back; it stays as it is.
  sql.with(
    'standing',
    () => `select *,
        case when holder is not null or completed_at is not null or inbox > 0 then null
          when wakes then wake_at when owns then null else was_wake_at end as waking,
        case when holder is not null or completed_at is not null then null
          when inbox > 0 then coalesce(was_ready_since, ${now})
          when wakes then null when owns then coalesce(was_ready_since, ${now}) else was_ready_since end as since,
        case when status <> 'pending' or completed_at is not null or was_concurrency_key is null then null
          when was_completed_at is null then was_turn
          else coalesce((select max(e.turn) from executions as e where e.concurrency_key = was_concurrency_key
            and e.turn is not null), 0) + 1 end as turn
      from owned`,
  );
  const columns = [
    ...[...Object.keys(summaryTypes), 'epoch', 'inbox', 'turn'].map((name) => [name, name]),
    ...[
      ['owner', 'holder'],
      ['wake_at', 'waking'],
      ['ready_since', 'since'],
      ['listed', 'started_at'],
    ],
  ];
  const list = (of: string, at: number): string => columns.map((column) => `${of}.${column[at]}`).join(', ');
  sql.with(
    'changed',
    () => `update executions as e set (${columns.map(([name]) => name).join(', ')}) = row(${list('s', 1)})
      from standing as s where e.n = s.n and (${list('e', 0)}) is distinct from (${list('s', 1)})`,
  );
  const moved = '(was_workflow_id, was_status) <> (workflow_id, status)';
  const after: Record<string, string> = { owner: 'holder', wake_at: 'waking', ready_since: 'since' };
  const ready = isFree((column) => after[column] ?? column);
  const wasReady = isFree((column) => `was_${column}`);
  return {
    accepted: ['select id from standing'],
    steps: [
      `select was_workflow_id as workflow_id, was_status as status, -1 as step from standing where ${moved}`,
      `select workflow_id, status, 1 from standing where ${moved}`,
    ],
    results: [
      `select 'done', id, null, (${ready} and not ${wasReady})::text from standing`,
      `select kind, id, was_epoch::text, last::text from checked where kind <> 'done'`,
    ],
  };
}

function send(sql: Sql, mail: readonly MailRow[]): Part {
  sql.given<MailRow>('mail', { source: 'text', target: 'text', id: 'text', body: 'text' }, mail);
  sql.with(
    'posted',
    () => `select m.*, e.owner from mail as m join accepted as a on a.id = m.source
      join executions as e on e.id = m.target and e.completed_at is null`,
  );
  deliver(sql);
  const result = `select 'sent', source, target, ${holderWithLease('owner')} from posted`;
  return { accepted: [], steps: [], results: [result] };
}

/** Delivers `posted` (target, id, body, i): what is there already is not delivered again. */
export function deliver(sql: Sql): void {
  sql.with(
    'delivered',
    () => `insert into messages (execution_id, position, id, body)
      select target, coalesce((select max(m.position) from messages as m where m.execution_id = target), 0)
        + row_number() over (partition by target order by i), id, body from posted
      on conflict (execution_id, id) do nothing returning execution_id`,
  );
  sql.with(
    'notified',
    () => `update executions as e set inbox = e.inbox + d.count,
        wake_at = null, ready_since = case when e.owner is null then coalesce(e.ready_since, ${now}) end
      from (select execution_id, count(*) from delivered group by 1) as d where e.id = d.execution_id`,
  );
}
