import type {
  AuditRecord,
  Deadline,
  ErrorInfo,
  Execution,
  ExecutionEvent,
  ExecutionStatus,
  ExecutionSummary,
  Fire,
  JsonObject,
  JsonSchema,
  JsonValue,
  KeyRecord,
  KeyRole,
  LogEntry,
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
  /** Nothing is given out until it is resumed. */
  paused: boolean;
}

/** A task that no attempt could carry out. */
export interface DeadLetter {
  id: string;
  name: string;
  queue: string;
  attempt: number;
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

export interface PageInput {
  /** @defaultValue 50, at most 500 */
  limit?: number;
  cursor?: string;
}

/** A document: as a value, or as text in YAML or JSON. */
export type DocumentInput = WorkflowDocument | string;

export interface ExecuteInput {
  parameters?: JsonObject;
  /** Higher goes first where executions wait for a worker. */
  priority?: number;
}

interface WorkflowRef {
  workflow_id: string;
}
interface ExecutionRef {
  execution_id: string;
}
interface StartInput {
  /** How long to wait for the end: `30s`. Then the answer is the execution. */
  wait?: string;
  /** The same key of the same workflow gives the execution of the first time. */
  idempotency_key?: string;
}

/** What goes into each operation, and what comes out of it: path, query and header values by name, and `body`. */
export interface Operations {
  listWorkflows: { input: PageInput & { type?: string; q?: string }; answer: List<WorkflowSummary> };
  createWorkflow: { input: { body: DocumentInput }; answer: StoredWorkflow };
  validateWorkflow: { input: { body: DocumentInput }; answer: ValidationAnswer };
  readWorkflow: { input: WorkflowRef; answer: StoredWorkflow };
  replaceWorkflow: {
    input: WorkflowRef & { body: DocumentInput; if_match?: string };
    answer: StoredWorkflow;
  };
  deleteWorkflow: { input: WorkflowRef & { if_match?: string }; answer: undefined };
  listVersions: { input: WorkflowRef & PageInput; answer: List<WorkflowSummary> };
  readVersion: { input: WorkflowRef & { rev: string }; answer: StoredWorkflow };
  executeWorkflow: {
    input: WorkflowRef & StartInput & { body?: ExecuteInput };
    answer: StartedAnswer | ExecutionAnswer;
  };
  listExecutions: {
    input: PageInput & {
      workflow_id?: string;
      status?: ExecutionStatus | readonly ExecutionStatus[];
      started_after?: string;
      started_before?: string;
      parent_id?: string;
      q?: string;
    };
    answer: List<ExecutionSummary>;
  };
  startExecution: {
    input: StartInput & { body: ExecuteInput & { workflow: DocumentInput } };
    answer: StartedAnswer | ExecutionAnswer;
  };
  readExecution: { input: ExecutionRef; answer: ExecutionAnswer };
  readExecutionDocument: { input: ExecutionRef; answer: WorkflowDocument };
  cancelExecution: { input: ExecutionRef & { body?: { reason?: string } }; answer: AcceptedAnswer };
  retryExecution: {
    input: ExecutionRef & { body?: { from?: string; workflow?: DocumentInput } };
    answer: StartedAnswer;
  };
  sendSignal: {
    input: ExecutionRef & { name: string; body?: { payload?: JsonValue } };
    answer: AcceptedAnswer;
  };
  listExecutionApprovals: { input: ExecutionRef; answer: List<Approval> };
  readApproval: { input: ExecutionRef & { step: string }; answer: Approval };
  decideApproval: {
    input: ExecutionRef & {
      step: string;
      body: { approved: boolean; by?: string; comment?: string; values?: JsonObject };
    };
    answer: AcceptedAnswer;
  };
  listEvents: { input: ExecutionRef & PageInput & { after?: number }; answer: List<ExecutionEvent> };
  listLogs: {
    input: ExecutionRef & PageInput & { step_id?: string; level?: string | readonly string[] };
    answer: List<LogEntry>;
  };
  listApprovals: { input: PageInput & { workflow_id?: string }; answer: ApprovalList };
  listHandlers: { input: { q?: string; include?: 'schemas' }; answer: List<HandlerAnswer> };
  readHandler: { input: { path: string }; answer: HandlerAnswer };
  readHandlerSchema: { input: { path: string }; answer: HandlerSchemaAnswer };
  listWorkflowTypes: { input: Record<never, never>; answer: List<WorkflowTypeAnswer> };
  readWorkflowType: { input: { name: string }; answer: WorkflowTypeAnswer };
  listSecrets: { input: Record<never, never>; answer: List<SecretAnswer> };
  listQueues: { input: Record<never, never>; answer: List<QueueAnswer> };
  readQueue: { input: { name: string }; answer: QueueAnswer };
  pauseQueue: { input: { name: string }; answer: QueueAnswer };
  resumeQueue: { input: { name: string }; answer: QueueAnswer };
  listDeadLetters: { input: { name: string; limit?: number }; answer: List<DeadLetter> };
  retryDeadLetter: { input: { name: string; task: string }; answer: QueueAnswer };
  listSchedules: { input: PageInput & { workflow_id?: string }; answer: List<ScheduleRecord> };
  readSchedule: { input: { schedule_id: string; count?: number }; answer: ScheduleAnswer };
  updateSchedule: {
    input: { schedule_id: string; body: { paused: boolean } };
    answer: ScheduleRecord;
  };
  deleteSchedule: { input: { schedule_id: string }; answer: undefined };
  listAudit: { input: PageInput & { subject?: string }; answer: List<AuditRecord> };
  listKeys: { input: PageInput; answer: List<KeyAnswer> };
  createKey: { input: { body: { name: string; role: KeyRole; expires?: string } }; answer: NewKeyAnswer };
  revokeKey: { input: { key_id: string }; answer: KeyAnswer };
}
