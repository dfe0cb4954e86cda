import type { ExecutionStatus, WorkflowDocument } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { auditedKey } from 'operator-common';
import { refuse } from '../app/error-answer.ts';
import type { Routes } from '../app/route.ts';
import { pageQuery, search, timestamp, toUtc } from '../schemas/common.ts';
import * as schemas from '../schemas/executions.ts';
import { document as executedDocument, workflowId } from '../schemas/workflows.ts';
import { allows } from '../security/roles.ts';
import { asList, given, pageOf } from './common.ts';
import { check } from './documents.ts';
import { findExecution, noExecution, showExecution } from './show-execution.ts';
import { start } from './start.ts';

const tag = 'Executions';
const path = { execution_id: schemas.executionId };
const missing = 'EXECUTION_NOT_FOUND';
const startQuery = {
  wait: Type.Optional(
    Type.String({
      maxLength: 20,
      description:
        'How long to wait for the end, 5m at most, or it is refused; then the answer is the execution.',
      examples: ['30s'],
    }),
  ),
};
const startHeaders = {
  idempotency_key: Type.String({
    pattern: '^[!-~]{1,200}$',
    description: 'The same key of the same workflow gives the execution of the first time.',
  }),
};
const startAnswers = {
  200: { description: 'It has ended within the time to wait.', schema: schemas.execution },
  202: { description: 'It is recorded, and will be carried out.', schema: schemas.started },
};
const startErrors = [
  'DOCUMENT_INVALID',
  'PARAMETERS_INVALID',
  'CONCURRENCY_LIMIT',
  'VALUE_INVALID',
  'UNSAFE_KEY',
  // Of the key of its concurrency.
  'EXPRESSION_ERROR',
  'ENCRYPTION_KEY_MISSING',
  'ENGINE_CLOSED',
];

/** Executions: what they are started with, how they stand, and what can be told them. */
export const executionRoutes: Pick<
  Routes,
  | 'executeWorkflow'
  | 'startExecution'
  | 'listExecutions'
  | 'readExecution'
  | 'readExecutionDocument'
  | 'cancelExecution'
  | 'retryExecution'
  | 'sendSignal'
> = {
  executeWorkflow: {
    tag,
    summary: 'Execute a workflow',
    role: 'executor',
    path: { workflow_id: workflowId },
    missing: 'WORKFLOW_NOT_FOUND',
    query: startQuery,
    headers: startHeaders,
    body: schemas.executeInput,
    bodyRequired: false,
    answers: startAnswers,
    errors: startErrors,
    handle: (call, { workflow_id, body = {}, ...options }) =>
      start(call, { ...body, ...options, workflow: workflow_id, workflow_id }),
  },
  startExecution: {
    tag,
    summary: 'Execute a workflow or a document',
    description: 'A document that is not stored can be tried out like this, by an editor.',
    role: 'executor',
    query: startQuery,
    headers: startHeaders,
    body: schemas.startInput,
    answers: startAnswers,
    errors: [...startErrors, 'WORKFLOW_NOT_FOUND'],
    async handle(call, { body: { workflow, ...body }, ...options }) {
      if (typeof workflow === 'string' && schemas.isWorkflowId(workflow))
        return start(call, { ...body, ...options, workflow, workflow_id: workflow });
      if (!allows(call.principal.role, 'editor'))
        throw refuse('FORBIDDEN', 'Only an editor may execute a document that is not stored.');
      return start(call, { ...body, ...options, workflow: documentOf(workflow, call.platform) });
    },
  },
  listExecutions: {
    tag,
    summary: 'Search executions',
    role: 'viewer',
    query: {
      workflow_id: Type.Optional(workflowId),
      status: Type.Optional(
        Type.Array(schemas.executionStatus, { description: 'One of these; several times, or with commas.' }),
      ),
      started_after: Type.Optional({ ...timestamp, description: 'Inclusive.' }),
      started_before: Type.Optional({ ...timestamp, description: 'Exclusive.' }),
      parent_id: Type.Optional({ ...schemas.executionId, description: 'Children of this execution.' }),
      q: {
        ...search,
        description: 'The beginning of an id or workflow id, or words of the error message, all of them.',
      },
      ...pageQuery,
    },
    answers: { 200: { description: 'Newest first.', schema: schemas.executionList } },
    async handle({ platform }, { status, started_after, started_before, ...query }) {
      const page = await platform.storage.executions.list(
        given({
          ...query,
          status: asList<ExecutionStatus>(status),
          started_after: started_after && toUtc(started_after),
          started_before: started_before && toUtc(started_before),
        }),
      );
      return { status: 200, body: pageOf(page, (each) => each) };
    },
  },
  readExecution: {
    tag,
    summary: 'Read an execution',
    description: 'Steps with their outputs, errors and times, and how far it is.',
    role: 'viewer',
    path,
    missing,
    answers: { 200: { description: 'How it stands.', schema: schemas.execution } },
    async handle({ platform }, { execution_id }) {
      const execution = await findExecution(platform, execution_id);
      return { status: 200, body: await showExecution(platform, execution) };
    },
  },
  readExecutionDocument: {
    tag,
    summary: 'Read the document that an execution runs',
    description: 'As it was when the execution was started, whatever has been saved since.',
    role: 'viewer',
    path,
    missing,
    answers: { 200: { description: 'The document.', schema: executedDocument } },
    async handle({ platform }, { execution_id }) {
      const record = await platform.storage.executions.get(execution_id);
      if (!record) throw noExecution(execution_id);
      return { status: 200, body: record.document };
    },
  },
  cancelExecution: {
    tag,
    summary: 'Cancel an execution',
    description:
      'What runs is told to stop; then what succeeded is undone where the document says how. Cancelled once more meanwhile, the undoing is given up, unless that is gentle.',
    role: 'executor',
    path,
    missing,
    body: schemas.cancelInput,
    bodyRequired: false,
    answers: { 202: { description: 'It is accepted.', schema: schemas.accepted } },
    errors: ['EXECUTION_NOT_ACTIVE', 'INBOX_FULL'],
    async handle({ platform, audit }, { execution_id, body }) {
      await platform.cancel(execution_id, body?.reason, { gentle: body?.gentle });
      await audit('execution.cancelled', execution_id, given({ reason: body?.reason }));
      return { status: 202, body: { execution_id } };
    },
  },
  retryExecution: {
    tag,
    summary: 'Try an execution again',
    description:
      'A new execution keeps what had succeeded, and goes on from the failed steps or a chosen one; with a corrected document if wanted, by an editor.',
    role: 'executor',
    path,
    missing,
    headers: startHeaders,
    body: schemas.retryInput,
    bodyRequired: false,
    answers: { 202: { description: 'It is recorded, and will be carried out.', schema: schemas.started } },
    errors: ['RETRY_INVALID', ...startErrors],
    async handle({ platform, principal, audit }, { execution_id, idempotency_key, body = {} }) {
      const { from, workflow } = body;
      if (workflow !== undefined && !allows(principal.role, 'editor'))
        throw refuse('FORBIDDEN', 'Only an editor may go on with another document.');
      const corrected = workflow === undefined ? undefined : documentOf(workflow, platform);
      const how = given({ from, workflow: corrected, idempotencyKey: idempotency_key });
      const retried = await platform.retry(execution_id, how);
      if (retried.created)
        await audit(
          'execution.retried',
          execution_id,
          given({ from, execution_id: retried.execution_id, corrected: corrected && true }),
        );
      const headers = { location: `/api/vwmp/executions/${encodeURIComponent(retried.execution_id)}/` };
      return { status: 202, body: { ...retried, retry_of: execution_id }, headers };
    },
  },
  sendSignal: {
    tag,
    summary: 'Send a signal',
    description: 'The step that waits for it goes on with the payload; one that comes early is kept.',
    role: 'executor',
    path: {
      ...path,
      name: Type.String({
        pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$',
        description: 'Name of the signal.',
      }),
    },
    missing,
    headers: {
      idempotency_key: Type.String({
        pattern: '^[!-~]{1,200}$',
        description:
          'Of the signals of this name with the same key the execution takes in one, also when that was long ago.',
      }),
    },
    body: schemas.signalInput,
    bodyRequired: false,
    answers: { 202: { description: 'It is accepted.', schema: schemas.accepted } },
    errors: [
      ...['EXECUTION_NOT_ACTIVE', 'VALUE_INVALID', 'UNSAFE_KEY', 'INBOX_FULL'],
      // Secrets are taken out of what waits for a worker.
      'ENCRYPTION_KEY_MISSING',
    ],
    async handle({ platform, audit }, { execution_id, name, idempotency_key, body }) {
      if (!(await platform.storage.executions.get(execution_id))) throw noExecution(execution_id);
      await platform.signal(execution_id, name, body?.payload ?? null, { idempotencyKey: idempotency_key });
      const { executions } = platform.storage;
      // Most signals have none, and nothing is read for them.
      const key = idempotency_key && auditedKey(idempotency_key, await executions.get(execution_id));
      await audit('execution.signalled', execution_id, given({ signal: name, idempotency_key: key }));
      return { status: 202, body: { execution_id } };
    },
  },
};

/** @throws DOCUMENT_INVALID */
function documentOf(
  given: string | WorkflowDocument,
  platform: Parameters<typeof check>[1],
): WorkflowDocument {
  return check(typeof given === 'string' ? given : JSON.stringify(given), platform).document;
}
