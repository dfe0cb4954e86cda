// What the API answers with.
import type {
  Deadline,
  ErrorInfo,
  Execution,
  Fire,
  JsonSchema,
  JsonValue,
  KeyRecord,
  KeyRole,
  Note,
  Problem,
  ScheduleRecord,
  WorkflowDocument,
} from '@vwmp/core';

/** One page of a list. */
export interface List<T> {
  results: T[];
  /** Give it back as `cursor` to get the next page; missing on the last. Opaque. */
  next_cursor?: string;
  /** All that match, on every page. */
  count: number;
}

/** Who calls, and what they may do. */
export interface CallerAnswer {
  /** `none` where no key was needed, and none was shown. */
  authentication: 'key' | 'none';
  role: KeyRole;
  /** The key that was shown. */
  key?: {
    /** What stands between `vwmp_` and the next `_`; `env:NAME` for a key of the settings. */
    id: string;
    name: string;
    /** Missing when it is good for ever. */
    expires_at?: string;
  };
}

/** An API key without its secret. */
export type KeyAnswer = Omit<KeyRecord, 'hash'>;

export interface NewKeyAnswer extends KeyAnswer {
  /** What its owner sends. Shown this one time. */
  key: string;
}

/** What every error is answered with. */
export interface ErrorAnswer {
  error: {
    /** Stable, upper case. */
    code: string;
    message: string;
    /** Every problem of a document or of what was sent, or whatever else helps. */
    details?: unknown;
    /** The same as in the header `X-Request-Id` and in the log. */
    request_id: string;
  };
}

/** One thing that is wrong with what was sent. */
export interface RequestProblem {
  /** Where: `query.limit`, `body.parameters`, `headers.if-match`. */
  path: string;
  message: string;
  suggestion?: string;
}

/** What lists show of a workflow. */
export interface WorkflowSummary {
  id: string;
  name: string;
  type: string;
  version: string;
  /** Changes whenever the text does: the `ETag`, for `If-Match`. */
  rev: string;
  updated_at: string;
  /** Why the text is no workflow: it was edited from outside. */
  problems?: Problem[];
}

/** A workflow as stored. */
export interface StoredWorkflow extends WorkflowSummary {
  /** Exactly what was saved, comments included: YAML or JSON. */
  text: string;
  /** What the text says, with older spellings normalised; missing when it cannot be read. */
  document?: WorkflowDocument;
}

/** What was found in a document. */
export interface ValidationAnswer {
  valid: boolean;
  problems: Problem[];
  /** What was normalised. */
  notes: Note[];
  /** Under which it would be saved, when it is valid. */
  id?: string;
  document?: WorkflowDocument;
}

/** What was started. */
export interface StartedAnswer {
  execution_id: string;
  /** False when it was there already, by its idempotency key. */
  created: boolean;
  workflow_id?: string;
  /** The execution that it tries again. */
  retry_of?: string;
}

/** What was accepted, and is about to happen. */
export interface AcceptedAnswer {
  execution_id: string;
}

export interface ProgressAnswer {
  total: number;
  /** Steps that have settled, failed ones included. */
  completed: number;
  failed: number;
  percentage: number;
}

/** An execution with all that is known of it. */
export interface ExecutionAnswer extends Execution {
  progress: ProgressAnswer;
  /** The execution that it tries again. */
  retry_of?: string;
  /** The step that started it. */
  parent?: { execution_id: string; step_id: string; index?: number };
}

/** A question that waits for a person. */
export interface Approval {
  execution_id: string;
  workflow_id: string;
  /** Under which it is decided: `step_id`, or `step_id:index` for an item of a foreach. */
  step: string;
  step_id: string;
  index?: number;
  prompt: string;
  /** What is to be filled in: a JSON Schema of `values`. */
  form?: JsonValue;
  waiting_since: string;
  /** Number of the event that told of the question: to be sent with the decision. */
  asked: number;
  deadline?: Deadline;
}

/** Without a count: it would take reading every execution that waits. */
export interface ApprovalList {
  results: Approval[];
  next_cursor?: string;
}

/** A handler that steps can call. */
export interface HandlerAnswer {
  /** `plugin.name`. */
  path: string;
  name: string;
  description: string;
  category: string;
  plugin: string;
  icon?: string;
  /** Named ports, where they do not depend on the config; `error` is always there. */
  ports?: readonly string[];
  /** With `include=schemas` only: what {@link HandlerSchemaAnswer} has. */
  config?: JsonSchema;
  output?: JsonSchema;
}

export interface HandlerSchemaAnswer {
  path: string;
  config: JsonSchema;
  /** Missing where the handler does not say. */
  output?: JsonSchema;
}

/** A secret that expressions and handlers can name. What is in it never leaves the server. */
export interface SecretAnswer {
  name: string;
}

export interface WorkflowTypeAnswer {
  name: string;
  description: string;
  plugin?: string;
  icon?: string;
  templates: readonly { name: string; description: string; document: WorkflowDocument }[];
}

export interface QueueAnswer {
  name: string;
  waiting: number;
  delayed: number;
  active: number;
  dead: number;
  /** When the oldest dead letter failed for good; missing while there is none. */
  dead_since?: string;
  /** Nothing is given out until it is resumed. */
  paused: boolean;
}

/** A task that no attempt could carry out. */
export interface DeadLetter {
  id: string;
  name: string;
  queue: string;
  /** How often it was tried. */
  attempt: number;
  /** When it failed for good. */
  failed_at: string;
  payload: JsonValue;
  error: ErrorInfo;
}

/** An instant, in UTC and as clocks of the schedule's time zone show it. */
export interface Instant {
  at: string;
  local: string;
  note?: string;
}

/** A schedule with what it did and will do. */
export interface ScheduleAnswer extends ScheduleRecord {
  next: Instant[];
  due: (Instant & { outcome: 'start' | 'missed' | 'paused'; reason: string })[];
  last: (Fire & Instant)[];
}
