// What goes into the API, and which answer belongs to it.
import type {
  AuditRecord,
  ExecutionEvent,
  ExecutionStatus,
  ExecutionSummary,
  JsonObject,
  JsonValue,
  KeyRole,
  LogEntry,
  ScheduleRecord,
  WorkflowDocument,
} from '@vwmp/core';
import type {
  AcceptedAnswer,
  Approval,
  ApprovalList,
  CallerAnswer,
  DeadLetter,
  ExecutionAnswer,
  HandlerAnswer,
  HandlerSchemaAnswer,
  KeyAnswer,
  List,
  NewKeyAnswer,
  QueueAnswer,
  ScheduleAnswer,
  SecretAnswer,
  StartedAnswer,
  StoredWorkflow,
  ValidationAnswer,
  WorkflowSummary,
  WorkflowTypeAnswer,
} from './answers.ts';

export type * from './answers.ts';

export interface PageInput {
  /** @defaultValue 50, at most 500 */
  limit?: number;
  cursor?: string;
}

/** A document: as a value, or as text in YAML or JSON. */
export type DocumentInput = WorkflowDocument | string;

export interface ExecuteInput {
  parameters?: JsonObject;
  /** Higher is begun first where executions wait in the queue for a worker; one that goes on after a wait or a restart goes in its turn. */
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
    input: WorkflowRef & { body: DocumentInput; if_match?: string; if_none_match?: string };
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
  cancelExecution: {
    input: ExecutionRef & { body?: { reason?: string; gentle?: boolean } };
    answer: AcceptedAnswer;
  };
  retryExecution: {
    input: ExecutionRef &
      Pick<StartInput, 'idempotency_key'> & { body?: { from?: string; workflow?: DocumentInput } };
    answer: StartedAnswer;
  };
  sendSignal: {
    input: ExecutionRef & {
      name: string;
      body?: { payload?: JsonValue };
      /** Of the signals of this name with the same key the execution takes in one. */
      idempotency_key?: string;
    };
    answer: AcceptedAnswer;
  };
  listExecutionApprovals: { input: ExecutionRef; answer: List<Approval> };
  readApproval: { input: ExecutionRef & { step: string }; answer: Approval };
  decideApproval: {
    input: ExecutionRef & {
      step: string;
      body: { approved: boolean; by?: string; comment?: string; values?: JsonObject; asked?: number };
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
  pauseQueue: { input: { name: string; force?: boolean }; answer: QueueAnswer };
  resumeQueue: { input: { name: string }; answer: QueueAnswer };
  listDeadLetters: { input: PageInput & { name: string }; answer: List<DeadLetter> };
  discardDeadLetter: { input: { name: string; task: string }; answer: undefined };
  retryDeadLetter: { input: { name: string; task: string }; answer: QueueAnswer };
  listSchedules: { input: PageInput & { workflow_id?: string }; answer: List<ScheduleRecord> };
  readSchedule: { input: { schedule_id: string; count?: number }; answer: ScheduleAnswer };
  updateSchedule: {
    input: { schedule_id: string; body: { paused: boolean } };
    answer: ScheduleRecord;
  };
  deleteSchedule: { input: { schedule_id: string }; answer: undefined };
  listAudit: { input: PageInput & { subject?: string }; answer: List<AuditRecord> };
  readCaller: { input: Record<never, never>; answer: CallerAnswer };
  listKeys: { input: PageInput; answer: List<KeyAnswer> };
  createKey: { input: { body: { name: string; role: KeyRole; expires?: string } }; answer: NewKeyAnswer };
  revokeKey: { input: { key_id: string }; answer: KeyAnswer };
}
