import type { RunRef, StoredEvent } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { ExecutionSummary } from '@vwmp/core/ports';
import { Type } from '@vwmp/core/schema';
import { refuse } from '../app/error-answer.ts';
import type { Routes } from '../app/route.ts';
import type { Approval } from '../contract/index.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/executions.ts';
import { workflowId } from '../schemas/workflows.ts';
import { allows } from '../security/roles.ts';
import { given, wholeList } from './common.ts';
import { noExecution } from './show-execution.ts';

const tag = 'Approvals';
const missing = 'EXECUTION_NOT_FOUND';
const path = { execution_id: schemas.executionId };
const stepPath = {
  ...path,
  step: Type.String({
    pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,199}(:\\d{1,9})?$',
    description: 'Id of the step; `id:index` for an item of a foreach.',
  }),
};

/** So many executions that wait are looked through for one page. */
const looks = 200;

/** Questions that wait for a person. */
export const approvalRoutes: Pick<
  Routes,
  'listApprovals' | 'listExecutionApprovals' | 'readApproval' | 'decideApproval'
> = {
  listApprovals: {
    tag,
    summary: 'List what waits for a person',
    description: 'Over all executions that wait, those that started last first.',
    role: 'viewer',
    query: { workflow_id: Type.Optional(workflowId), ...pageQuery },
    answers: { 200: { description: 'What is to be decided.', schema: schemas.approvalList } },
    async handle({ platform }, { workflow_id, limit = 50, cursor }) {
      const results: Approval[] = [];
      let next = cursor;
      for (let looked = 0; looked < looks; ) {
        const page = await platform.storage.executions.list(
          given({ status: ['waiting' as const], workflow_id, limit: Math.min(limit, 20), cursor: next }),
        );
        for (const execution of page.results) results.push(...(await waitingIn(platform, execution)));
        looked += page.results.length;
        next = page.next_cursor;
        if (next === undefined || results.length >= limit) break;
      }
      return { status: 200, body: { results, ...(next !== undefined && { next_cursor: next }) } };
    },
  },
  listExecutionApprovals: {
    tag,
    summary: 'List what an execution asks',
    role: 'viewer',
    path,
    missing,
    answers: { 200: { description: 'What is to be decided.', schema: schemas.executionApprovals } },
    async handle({ platform }, { execution_id }) {
      return { status: 200, body: wholeList(await approvalsOf(platform, execution_id)) };
    },
  },
  readApproval: {
    tag,
    summary: 'Read a question with its form',
    role: 'viewer',
    path: stepPath,
    missing,
    answers: { 200: { description: 'What is to be decided.', schema: schemas.approval } },
    errors: ['STEP_NOT_WAITING'],
    async handle({ platform }, { execution_id, step }) {
      const approvals = await approvalsOf(platform, execution_id);
      const approval = approvals.find((each) => each.step === step);
      if (approval) return { status: 200, body: approval };
      const message = `Step "${step}" of execution "${execution_id}" does not wait for an approval.`;
      throw refuse('STEP_NOT_WAITING', message);
    },
  },
  decideApproval: {
    tag,
    summary: 'Decide an approval',
    role: 'executor',
    path: stepPath,
    missing,
    body: schemas.decisionInput,
    answers: { 202: { description: 'It is decided.', schema: schemas.accepted } },
    errors: ['STEP_NOT_WAITING', 'APPROVAL_INVALID', 'EXECUTION_NOT_ACTIVE', 'UNSAFE_KEY'],
    async handle({ platform, principal, audit }, { execution_id, step, body }) {
      const { approved, comment, values } = body;
      const by = allows(principal.role, 'admin') && body.by !== undefined ? body.by : principal.name;
      await platform.decideApproval(execution_id, step, { approved, by, ...given({ comment, values }) });
      await audit('approval.decided', execution_id, given({ step, approved, by, comment }));
      return { status: 202, body: { execution_id } };
    },
  },
};

/** @throws EXECUTION_NOT_FOUND */
async function approvalsOf(platform: Platform, id: string): Promise<Approval[]> {
  const record = await platform.storage.executions.get(id);
  if (!record) throw noExecution(id);
  return record.completed_at === undefined ? waitingIn(platform, record) : [];
}

async function waitingIn(
  { storage }: Platform,
  { id, workflow_id }: Pick<ExecutionSummary, 'id' | 'workflow_id'>,
): Promise<Approval[]> {
  const open = new Map<string, Approval>();
  for await (const event of storage.executions.events(id)) {
    forget(open, event);
    if (event.event !== 'step_waiting' || event.wait.kind !== 'approval') continue;
    const { step_id, index, wait, timestamp } = event;
    const { prompt, form, deadline } = wait;
    const step = nameOf(event);
    const rest = given({ index, form, deadline });
    open.set(step, {
      execution_id: id,
      workflow_id,
      step,
      step_id,
      prompt,
      waiting_since: timestamp,
      ...rest,
    });
  }
  return [...open.values()];
}

function nameOf({ step_id, index }: RunRef): string {
  return index === undefined ? step_id : `${step_id}:${index}`;
}

/** Takes out what an event has answered. */
function forget(open: Map<string, Approval>, event: StoredEvent): void {
  switch (event.event) {
    case 'step_resumed':
    case 'step_retrying':
    case 'item_completed':
    case 'item_failed':
      open.delete(nameOf(event));
      return;
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
    case 'step_skipped':
      for (const [name, { step_id }] of open) if (step_id === event.step_id) open.delete(name);
      return;
    case 'iteration_completed':
      open.delete(event.step_id);
      return;
    case 'workflow_cancelling':
    case 'workflow_completed':
      open.clear();
      return;
    default:
  }
}
