import type {
  Execution,
  ExecutionEvent,
  ExecutionStatus,
  ExecutionSummary,
  JsonObject,
  LogEntry,
  StepExecution,
} from '@vwmp/core';
import { type Schema, Type } from '@vwmp/core/schema';
import type {
  AcceptedAnswer,
  Approval,
  ApprovalList,
  DocumentInput,
  ExecuteInput,
  ExecutionAnswer,
  List,
  StartedAnswer,
} from '../contract/index.ts';
import { anyJson, errorInfo, jsonObject, listOf, named, timestamp } from './common.ts';

export const executionId: Schema<string> = Type.String({
  pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$',
  description: 'Id of the execution.',
});

const statusNames = ['pending', 'running', 'waiting', 'success', 'partial', 'failed', 'cancelled'] as const;
export const executionStatus: Schema<ExecutionStatus> = Type.Enum(statusNames);

const executionSummary: Schema<ExecutionSummary> = named(
  'ExecutionSummary',
  Type.Object({
    id: Type.String(),
    workflow_id: Type.String(),
    workflow_version: Type.String(),
    status: executionStatus,
    started_at: timestamp,
    completed_at: Type.Optional(timestamp),
    error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  }),
);
export const executionList: Schema<List<ExecutionSummary>> = listOf('ExecutionList', executionSummary);

const stepExecution: Schema<StepExecution> = named(
  'StepExecution',
  Type.Object({
    status: Type.Enum(['pending', 'running', 'waiting', 'success', 'failed', 'skipped', 'cancelled']),
    output: Type.Optional(anyJson),
    attempts: Type.Integer({ minimum: 0 }),
    reason: Type.Optional(
      Type.Enum(['condition', 'disabled', 'upstream_failed', 'upstream_skipped', 'cancelled']),
    ),
    port: Type.Optional(Type.String()),
    error: Type.Optional(errorInfo),
    started_at: Type.Optional(timestamp),
    completed_at: Type.Optional(timestamp),
  }),
);

const runRef = { step_id: Type.String(), index: Type.Optional(Type.Integer({ minimum: 0 })) };

export const execution: Schema<ExecutionAnswer> = named(
  'Execution',
  Type.Object({
    id: Type.String(),
    workflow_id: Type.String(),
    workflow_version: Type.String(),
    status: executionStatus,
    parameters: Type.Unsafe<JsonObject>({ type: 'object', description: 'With `***` for every secret.' }),
    trigger: Type.Optional(anyJson),
    output: Type.Optional(anyJson),
    error: Type.Optional(errorInfo),
    compensated: Type.Array(Type.String(), { description: 'Ids of the steps that were undone.' }),
    steps: Type.Unsafe<Execution['steps']>({
      type: 'object',
      description: 'By id.',
      additionalProperties: stepExecution,
    }),
    started_at: timestamp,
    completed_at: Type.Optional(timestamp),
    progress: Type.Object({
      total: Type.Integer(),
      completed: Type.Integer(),
      failed: Type.Integer(),
      percentage: Type.Number({ minimum: 0, maximum: 100 }),
    }),
    retry_of: Type.Optional(Type.String({ description: 'The execution that this one tries again.' })),
    parent: Type.Optional(Type.Object({ execution_id: Type.String(), ...runRef })),
  }) as unknown as Schema<ExecutionAnswer>,
);

export const started: Schema<StartedAnswer> = named(
  'Started',
  Type.Object({
    execution_id: Type.String(),
    created: Type.Boolean({ description: 'False when it was there already, by its idempotency key.' }),
    workflow_id: Type.Optional(Type.String()),
    retry_of: Type.Optional(Type.String()),
  }),
);

export const accepted: Schema<AcceptedAnswer> = named(
  'Accepted',
  Type.Object({ execution_id: Type.String() }),
);

const executeFields = {
  parameters: Type.Optional(jsonObject),
  priority: Type.Optional(
    Type.Integer({
      minimum: -1_000_000,
      maximum: 1_000_000,
      description:
        'Higher is begun first where executions wait in the queue for a worker; ' +
        'one that goes on after a wait or a restart goes in its turn.',
    }),
  ),
};
export const executeInput: Schema<ExecuteInput> = Type.Object(executeFields, {
  examples: [{ parameters: { limit: 3 } }],
});

const documentInput: Schema<DocumentInput> = Type.Unsafe<DocumentInput>({
  type: ['string', 'object'],
  description: 'A document, or its text.',
});
export const startInput: Schema<ExecuteInput & { workflow: DocumentInput }> = Type.Object({
  ...executeFields,
  workflow: Type.Unsafe<DocumentInput>({
    type: ['string', 'object'],
    description: 'A document, its text, or the id of a stored one.',
  }),
}) as unknown as Schema<ExecuteInput & { workflow: DocumentInput }>;

export const cancelInput: Schema<{ reason?: string; gentle?: boolean }> = Type.Object({
  reason: Type.Optional(Type.String({ maxLength: 1000 })),
  gentle: Type.Optional(
    Type.Boolean({
      description: 'What is being undone goes on, so that it may be sent again when its answer was lost.',
    }),
  ),
});

export const retryInput: Schema<{ from?: string; workflow?: DocumentInput }> = Type.Object({
  from: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'The step to begin from, with all that depends on it; when missing, all that did not succeed.',
    }),
  ),
  workflow: Type.Optional(documentInput),
}) as unknown as Schema<{ from?: string; workflow?: DocumentInput }>;

export const signalInput: Schema<{ payload?: typeof anyJson.static }> = Type.Object({
  payload: Type.Optional(anyJson),
});

export const decisionInput: Schema<{
  approved: boolean;
  by?: string;
  comment?: string;
  values?: JsonObject;
  asked?: number;
}> = Type.Object({
  approved: Type.Boolean(),
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Who decided; only an admin may name someone else.',
    }),
  ),
  comment: Type.Optional(Type.String({ maxLength: 10_000 })),
  values: Type.Optional(
    Type.Unsafe<JsonObject>({ type: 'object', description: 'What was filled in; must match the form.' }),
  ),
  asked: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'As the question says it: no later one of the step is answered then, and the same decision may be sent again when its answer was lost.',
    }),
  ),
});

const deadline = Type.Object({ at: timestamp, code: Type.Enum(['STEP_TIMEOUT', 'WAIT_TIMEOUT']) });

export const approval: Schema<Approval> = named(
  'Approval',
  Type.Object({
    execution_id: Type.String(),
    workflow_id: Type.String(),
    step: Type.String({ description: 'Under which it is decided.' }),
    ...runRef,
    prompt: Type.String(),
    form: Type.Optional(
      Type.Unsafe<NonNullable<Approval['form']>>({
        description: 'What is to be filled in: a JSON Schema of `values`.',
      }),
    ),
    waiting_since: timestamp,
    asked: Type.Integer({ minimum: 1, description: 'Number of the event that told of the question.' }),
    deadline: Type.Optional(deadline),
  }),
);
export const executionApprovals: Schema<List<Approval>> = listOf('ExecutionApprovals', approval);
export const approvalList: Schema<ApprovalList> = named(
  'ApprovalList',
  Type.Object({
    results: Type.Array(approval),
    next_cursor: Type.Optional(
      Type.String({ description: 'There may be more; a page can be empty and not be the last.' }),
    ),
  }) as unknown as Schema<ApprovalList>,
);

const event: Schema<ExecutionEvent> = named(
  'Event',
  Type.Unsafe<ExecutionEvent>({
    type: 'object',
    description: 'An event, with what belongs to it.',
    required: ['event', 'execution_id', 'timestamp'],
    properties: {
      event: { type: 'string', examples: ['step_completed'] },
      seq: { type: 'integer', minimum: 1 },
      execution_id: { type: 'string' },
      timestamp,
    },
    additionalProperties: true,
  }),
);
export const eventList: Schema<List<ExecutionEvent>> = listOf('EventList', event);

const level = Type.Enum(['debug', 'info', 'warn', 'error']);
export const logLevel: Schema<LogEntry['level']> = level;
export const logList: Schema<List<LogEntry>> = listOf(
  'LogList',
  named(
    'LogEntry',
    Type.Object({
      execution_id: Type.String(),
      timestamp,
      level,
      message: Type.String(),
      data: Type.Optional(anyJson),
      step_id: Type.Optional(Type.String()),
      index: Type.Optional(Type.Integer()),
    }),
  ),
);

/** Tells the id of a stored workflow from the text of a document. */
export function isWorkflowId(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(text);
}
