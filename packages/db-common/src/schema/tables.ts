import { type AnyTable, integer, json, optional, serial, type Table, text } from './describe.ts';

// The one description of what is kept. The tables of both databases are built from it, and from those drizzle-kit
// makes the migrations: after a change here run `npm run generate` in this folder.

/** A document of executions, kept once. It goes with the last execution that refers to it. */
export interface DocumentRow {
  /** Of the body. */
  hash: string;
  body: string;
}

const documents: Table<DocumentRow> = {
  name: 'documents',
  columns: { hash: text, body: json },
  key: ['hash'],
};

/**
 * The current state of an execution. How far its history goes, the history itself says: an append that only adds events
 * writes nothing here, which halves what it costs.
 */
export interface ExecutionRow {
  /** Counts creations. Never leaves the database. */
  n: number;
  id: string;
  workflow_id: string;
  workflow_version: string;
  status: string;
  started_at: number;
  completed_at: number | null;
  error_code: string | null;
  error_message: string | null;
  /** The words of the message, once each, lower case, with a space between: what is searched for. */
  error_words: string | null;
  epoch: number;
  document_hash: string;
  /** With an owner, neither of the next two is there. */
  owner: string | null;
  /** From when on it is ready. */
  wake_at: number | null;
  /** It is ready whatever the time of the one that asks; since when, by the time of the store. Then `wake_at` is null. */
  ready_since: number | null;
  /** How many messages wait. */
  inbox: number;
  idempotency_key: string | null;
  parent_id: string | null;
  concurrency_key: string | null;
  concurrency_limit: number | null;
  /**
   * Its place in the line of its concurrency key. Null for one that is in no line, because it has no key or because its turn
   * has come: it counts against the limit then until it ends.
   */
  turn: number | null;
  /** The id as it is searched for, in lower case, when that is another one. */
  folded_id: string | null;
  /**
   * `started_at` again, once it is in the indexes of the lists and in the tallies. A database that writes one page for each
   * index leaves the newest executions out of them, looks through those one by one, and takes them in by the hundred (the
   * mark `listed` is the `n` of the last one taken in); others take them in at once.
   */
  listed: number | null;
  /** As given; what is searched for has columns of its own. */
  origin: string | null;
}

/**
 * Lists are cut from the indexes `listed`, `status` or `workflow`; for several statuses their pages are merged. A workflow
 * without a status is all statuses of it, which saves an index.
 */
const executions: Table<ExecutionRow> = {
  name: 'executions',
  columns: {
    n: serial,
    id: text,
    workflow_id: text,
    workflow_version: text,
    status: text,
    started_at: integer,
    completed_at: optional.integer,
    error_code: optional.text,
    error_message: optional.text,
    error_words: optional.text,
    epoch: integer,
    document_hash: text,
    owner: optional.text,
    wake_at: optional.integer,
    ready_since: optional.integer,
    inbox: integer,
    idempotency_key: optional.text,
    parent_id: optional.text,
    concurrency_key: optional.text,
    concurrency_limit: optional.integer,
    turn: optional.integer,
    folded_id: optional.text,
    listed: optional.integer,
    origin: optional.json,
  },
  key: ['n'],
  indexes: {
    id: { on: ['id'], unique: true },
    listed: { on: ['listed', 'id'], where: 'listed is not null' },
    status: { on: ['status', 'listed', 'id'], where: 'listed is not null' },
    workflow: { on: ['workflow_id', 'status', 'listed', 'id'], where: 'listed is not null' },
    completed: { on: ['completed_at', 'id'], where: 'listed is not null and completed_at is not null' },
    retained: {
      on: ['workflow_id', 'completed_at', 'id'],
      where: 'listed is not null and completed_at is not null',
    },
    document: { on: ['document_hash'], where: 'listed is not null' },
    idempotency: {
      on: ['workflow_id', 'idempotency_key'],
      unique: true,
      where: 'idempotency_key is not null',
    },
    parent: { on: ['parent_id', 'started_at', 'id'], where: 'parent_id is not null' },
    concurrency: { on: ['concurrency_key', 'started_at', 'id'], where: 'concurrency_key is not null' },
    holding: {
      on: ['concurrency_key'],
      where: 'concurrency_key is not null and completed_at is null and turn is null',
    },
    line: { on: ['concurrency_key', 'turn'], where: 'turn is not null' },
    waking: { on: ['wake_at', 'n'], where: 'wake_at is not null and turn is null' },
    ready: { on: ['ready_since', 'n'], where: 'ready_since is not null and turn is null' },
    owned: { on: ['owner', 'n'], where: 'owner is not null' },
    mail: { on: ['owner'], where: 'owner is not null and inbox > 0' },
    folded: { on: ['folded_id'], where: 'folded_id is not null' },
  },
};

/** An event of the history of an execution. */
export interface EventRow {
  execution_id: string;
  seq: number;
  timestamp: number;
  /** The event without what the other columns say. */
  body: string;
}

const events: Table<EventRow> = {
  name: 'events',
  columns: { execution_id: text, seq: integer, timestamp: integer, body: json },
  key: ['execution_id', 'seq'],
  clustered: true,
};

/** A message that waits. */
export interface MessageRow {
  execution_id: string;
  /** Counts the arrivals of an execution. */
  position: number;
  id: string;
  body: string;
}

const messages: Table<MessageRow> = {
  name: 'messages',
  columns: { execution_id: text, position: integer, id: text, body: json },
  key: ['execution_id', 'position'],
  indexes: { id: { on: ['execution_id', 'id'], unique: true } },
  clustered: true,
};

/** A lease. What is owned by a worker that is not here, or whose lease has expired, is ready. */
export interface WorkerRow {
  id: string;
  expires_at: number;
}

const workers: Table<WorkerRow> = {
  name: 'workers',
  columns: { id: text, expires_at: integer },
  key: ['id'],
  clustered: true,
};

/** How many listed executions there are: counting a million takes too long. Follows from the executions. */
export interface TallyRow {
  workflow_id: string;
  status: string;
  /** The sum over all slots counts. Who writes at the same time uses different ones, so that nobody waits for another. */
  slot: number;
  n: number;
}

const tallies: Table<TallyRow> = {
  name: 'tallies',
  columns: { workflow_id: text, status: text, slot: integer, n: integer },
  key: ['workflow_id', 'status', 'slot'],
  clustered: true,
};

/** How far something has got. */
export interface MarkRow {
  name: string;
  value: number;
}

const marks: Table<MarkRow> = {
  name: 'marks',
  columns: { name: text, value: integer },
  key: ['name'],
  clustered: true,
};

/** The current state of a workflow. */
export interface WorkflowRow {
  id: string;
  name: string;
  type: string;
  version: string;
  text: string;
  rev: string;
  updated_at: number;
  /** Of its version. */
  number: number;
}

const workflows: Table<WorkflowRow> = {
  name: 'workflows',
  columns: {
    id: text,
    name: text,
    type: text,
    version: text,
    text: text,
    rev: text,
    updated_at: integer,
    number: integer,
  },
  key: ['id'],
  indexes: { type: { on: ['type', 'id'] } },
};

/** What was saved of a workflow, the current state included. */
export interface WorkflowVersionRow {
  workflow_id: string;
  /** From 1. */
  number: number;
  name: string;
  type: string;
  version: string;
  text: string;
  rev: string;
  updated_at: number;
}

const workflowVersions: Table<WorkflowVersionRow> = {
  name: 'workflow_versions',
  columns: {
    workflow_id: text,
    number: integer,
    name: text,
    type: text,
    version: text,
    text: text,
    rev: text,
    updated_at: integer,
  },
  key: ['workflow_id', 'number'],
  parent: { column: 'workflow_id', table: 'workflows', key: 'id' },
};

export interface ScheduleRow {
  id: string;
  workflow_id: string;
  schedule: string;
  timezone: string;
  overlap: string;
  catchup: string;
  parameters: string;
  /** 0 or 1. */
  paused: number;
  decided_until: number;
}

const schedules: Table<ScheduleRow> = {
  name: 'schedules',
  columns: {
    id: text,
    workflow_id: text,
    schedule: text,
    timezone: text,
    overlap: text,
    catchup: text,
    parameters: json,
    paused: integer,
    decided_until: integer,
  },
  key: ['id'],
  indexes: { workflow: { on: ['workflow_id', 'id'] } },
};

export interface FireRow {
  schedule_id: string;
  at: number;
  outcome: string;
  reason: string | null;
  execution_id: string | null;
  decided_at: number;
}

const fires: Table<FireRow> = {
  name: 'fires',
  columns: {
    schedule_id: text,
    at: integer,
    outcome: text,
    reason: optional.text,
    execution_id: optional.text,
    decided_at: integer,
  },
  key: ['schedule_id', 'at'],
  clustered: true,
  parent: { column: 'schedule_id', table: 'schedules', key: 'id' },
};

/** What a step logged. */
export interface LogRow {
  execution_id: string;
  /** Grows within an execution. */
  position: number;
  timestamp: number;
  level: string;
  message: string;
  data: string | null;
  step_id: string | null;
  item: number | null;
}

const logs: Table<LogRow> = {
  name: 'logs',
  columns: {
    execution_id: text,
    position: serial,
    timestamp: integer,
    level: text,
    message: text,
    data: optional.json,
    step_id: optional.text,
    item: optional.integer,
  },
  key: ['execution_id', 'position'],
  clustered: true,
};

export interface AuditRow {
  position: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  details: string | null;
}

const audit: Table<AuditRow> = {
  name: 'audit',
  columns: {
    position: serial,
    at: integer,
    actor: text,
    action: text,
    subject: text,
    details: optional.json,
  },
  key: ['position'],
  indexes: { subject: { on: ['subject', 'position'] } },
};

/** An API key. */
export interface ApiKeyRow {
  id: string;
  name: string;
  role: string;
  hash: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

const apiKeys: Table<ApiKeyRow> = {
  name: 'api_keys',
  columns: {
    id: text,
    name: text,
    role: text,
    hash: text,
    created_at: integer,
    expires_at: optional.integer,
    revoked_at: optional.integer,
    last_used_at: optional.integer,
  },
  key: ['id'],
  clustered: true,
};

/** Every table with its rows. */
export interface Tables {
  documents: Table<DocumentRow>;
  executions: Table<ExecutionRow>;
  events: Table<EventRow>;
  messages: Table<MessageRow>;
  workers: Table<WorkerRow>;
  tallies: Table<TallyRow>;
  marks: Table<MarkRow>;
  workflows: Table<WorkflowRow>;
  workflowVersions: Table<WorkflowVersionRow>;
  schedules: Table<ScheduleRow>;
  fires: Table<FireRow>;
  logs: Table<LogRow>;
  audit: Table<AuditRow>;
  apiKeys: Table<ApiKeyRow>;
}

/** In an order in which they can be filled. */
export const tables: Tables = {
  documents,
  executions,
  events,
  messages,
  workers,
  tallies,
  marks,
  workflows,
  workflowVersions,
  schedules,
  fires,
  logs,
  audit,
  apiKeys,
};

/** The same, for work on all of them. */
export const tableList: readonly AnyTable[] = Object.values(tables);
