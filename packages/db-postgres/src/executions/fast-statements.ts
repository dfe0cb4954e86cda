import type { EventRow } from 'db-common';
import type { Statement } from '../connection/exchange.ts';
import { now, Sql, slot } from '../sql.ts';
import type { ChangedRow, CreatedRow } from './item.ts';

// Most appends are one of four: a plain start, a plain beginning of what was queued, more events, a plain end. Each has a statement with half the parts of the general
// one, which takes a third of its time. Each accepts only what is as plain as it expects, and gives the ids of those.

const newsTypes = { execution_id: 'text', seq: 'bigint', timestamp: 'bigint', body: 'text' } as const;

const count = (from: string): string =>
  `insert into tallies as t (workflow_id, status, slot, n) ${from} on conflict (workflow_id, status, slot) do update set n = t.n + excluded.n`;

const last = (id: string): string =>
  `(select v.seq from events as v where v.execution_id = ${id} order by v.seq desc limit 1)`;

type BornRow = Omit<
  CreatedRow,
  | 'completed_at'
  | 'error_code'
  | 'error_message'
  | 'error_words'
  | 'concurrency_key'
  | 'concurrency_limit'
  | 'skip'
>;

const bornTypes = {
  id: 'text',
  workflow_id: 'text',
  workflow_version: 'text',
  status: 'text',
  started_at: 'bigint',
  epoch: 'bigint',
  document_hash: 'text',
  owner: 'text',
  wake_at: 'bigint',
  at_once: 'boolean',
  idempotency_key: 'text',
  parent_id: 'text',
  folded_id: 'text',
  origin: 'text',
} as const;

/** Creates executions without a concurrency key whose documents are there. */
export function fastCreate(created: readonly CreatedRow[], events: readonly EventRow[]): Statement {
  const sql = new Sql('create', created.length === 1);
  sql.given<BornRow>('born', bornTypes, created);
  sql.given<EventRow>('news', newsTypes, events);
  sql.with(
    'created',
    () => `insert into executions (id, workflow_id, workflow_version, status, started_at, epoch, document_hash, owner, wake_at,
        ready_since, inbox, idempotency_key, parent_id, folded_id, listed, origin)
      select id, workflow_id, workflow_version, status, started_at, epoch, document_hash, owner, wake_at,
        case when at_once then ${now} end, 0, idempotency_key, parent_id, folded_id, started_at, origin
      from born where exists (select from documents as d where d.hash = document_hash)
      on conflict do nothing returning id, workflow_id, status`,
  );
  sql.with(
    'recorded',
    () => `insert into events (execution_id, seq, timestamp, body)
      select n.execution_id, n.seq, n.timestamp, n.body from news as n join created as c on c.id = n.execution_id`,
  );
  sql.with('tallied', () =>
    count(
      created.length === 1
        ? `select workflow_id, status, ${slot}, 1 from created`
        : `select workflow_id, status, ${slot}, count(*) from created group by 1, 2 order by 1, 2`,
    ),
  );
  return sql.end(() => 'select id from created');
}

export type BeginRow = Pick<
  ChangedRow,
  'id' | 'expected' | 'epoch' | 'status' | 'workflow_id' | 'workflow_version' | 'started_at'
>;

const beginTypes = {
  id: 'text',
  expected: 'bigint',
  epoch: 'bigint',
  status: 'text',
  workflow_id: 'text',
  workflow_version: 'text',
  started_at: 'bigint',
} as const;

/** Begins executions without a concurrency key and without messages, which somebody owns and which have been pending. */
export function fastBegin(begun: readonly BeginRow[], events: readonly EventRow[]): Statement {
  const sql = new Sql('begin', begun.length === 1);
  sql.given<BeginRow>('given', beginTypes, begun);
  sql.given<EventRow>('news', newsTypes, events);
  sql.with(
    'begun',
    () => `update executions as e set status = g.status, started_at = g.started_at, listed = g.started_at
      from given as g where e.id = g.id and e.epoch = g.epoch and e.status = 'pending' and e.owner is not null and e.inbox = 0
        and e.completed_at is null and e.concurrency_key is null and e.workflow_id = g.workflow_id
        and e.workflow_version = g.workflow_version and g.expected = ${last('g.id')}
      returning e.id, e.workflow_id, e.status`,
  );
  sql.with(
    'recorded',
    () => `insert into events (execution_id, seq, timestamp, body)
      select n.execution_id, n.seq, n.timestamp, n.body from news as n join begun as b on b.id = n.execution_id`,
  );
  sql.with('tallied', () =>
    count(
      begun.length === 1
        ? `select workflow_id, s.status, ${slot}, s.step from begun, lateral (values ('pending', -1), (begun.status, 1)) as s(status, step)`
        : `select workflow_id, s.status, ${slot}, sum(s.step) from begun, lateral (values ('pending', -1), (begun.status, 1)) as s(status, step) group by 1, 2 order by 1, 2`,
    ),
  );
  return sql.end(() => 'select id from begun');
}

export interface MoreRow {
  execution_id: string;
  seq: number;
  timestamp: number;
  body: string;
  expected: number;
  epoch: number;
  status: string;
}

const moreTypes = { ...newsTypes, expected: 'bigint', epoch: 'bigint', status: 'text' } as const;

/** Adds events that change nothing else: epoch and status are as they were, and it is owned or waits for nothing. */
export function fastAdd(events: readonly MoreRow[], small: boolean): Statement {
  const sql = new Sql('add', small);
  sql.given<MoreRow>('news', moreTypes, events);
  return sql.end(
    () => `insert into events (execution_id, seq, timestamp, body)
      select n.execution_id, n.seq, n.timestamp, n.body from news as n join executions as e on e.id = n.execution_id
        and e.epoch = n.epoch and e.status = n.status and e.completed_at is null
        and (e.owner is not null or (e.wake_at is null and e.ready_since is null))
      where n.expected = ${last('n.execution_id')}
      returning execution_id`,
  );
}

export type EndRow = Pick<
  ChangedRow,
  'id' | 'expected' | 'epoch' | 'status' | 'completed_at' | 'error_code' | 'error_message' | 'error_words'
> & { was: string };

const endTypes = {
  id: 'text',
  expected: 'bigint',
  epoch: 'bigint',
  status: 'text',
  completed_at: 'bigint',
  error_code: 'text',
  error_message: 'text',
  error_words: 'text',
  was: 'text',
} as const;

/** Ends executions without a concurrency key and without messages, whose status was `was`. */
export function fastEnd(ended: readonly EndRow[], events: readonly EventRow[]): Statement {
  const sql = new Sql('finish', ended.length === 1);
  sql.given<EndRow>('given', endTypes, ended);
  sql.given<EventRow>('news', newsTypes, events);
  sql.with(
    'ended',
    () => `update executions as e set status = g.status, completed_at = g.completed_at, error_code = g.error_code,
        error_message = g.error_message, error_words = g.error_words, epoch = g.epoch, owner = null, wake_at = null, ready_since = null
      from given as g where e.id = g.id and e.epoch <= g.epoch and e.status = g.was and e.inbox = 0 and e.completed_at is null
        and e.concurrency_key is null and g.expected = ${last('g.id')}
      returning e.id, e.workflow_id, g.was, e.status`,
  );
  sql.with(
    'recorded',
    () => `insert into events (execution_id, seq, timestamp, body)
      select n.execution_id, n.seq, n.timestamp, n.body from news as n join ended as d on d.id = n.execution_id`,
  );
  sql.with('tallied', () =>
    count(
      ended.length === 1
        ? `select workflow_id, s.status, ${slot}, s.step from ended, lateral (values (was, -1), (ended.status, 1)) as s(status, step)`
        : `select workflow_id, s.status, ${slot}, sum(s.step) from ended, lateral (values (was, -1), (ended.status, 1)) as s(status, step) group by 1, 2 order by 1, 2`,
    ),
  );
  return sql.end(() => 'select id from ended');
}
