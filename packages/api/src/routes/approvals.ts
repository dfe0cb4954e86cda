import type { Platform } from '@vwmp/core/platform';
import type { ExecutionQuery, ExecutionSummary } from '@vwmp/core/ports';
import { Type } from '@vwmp/core/schema';
import { decideOnce } from 'operator-common';
import { refuse } from '../app/error-answer.ts';
import type { Routes } from '../app/route.ts';
import type { Approval } from '../contract/index.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/executions.ts';
import { workflowId } from '../schemas/workflows.ts';
import { allows } from '../security/roles.ts';
import { given, wholeList } from './common.ts';
import { openApprovals } from './open-approvals.ts';
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

/** So many executions are looked through for one page. */
const looks = 200;
/** Stands before the cursor of those that run. */
const besides = 'running:';

/** Questions that wait for a person. */
export const approvalRoutes: Pick<
  Routes,
  'listApprovals' | 'listExecutionApprovals' | 'readApproval' | 'decideApproval'
> = {
  listApprovals: {
    tag,
    summary: 'List what waits for a person',
    description:
      'Over all executions that wait, and then those in which something runs beside the question; of each, those that started last first. What one execution asks is not divided, so a page may be longer than `limit`.',
    role: 'viewer',
    query: { workflow_id: Type.Optional(workflowId), ...pageQuery },
    answers: { 200: { description: 'What is to be decided.', schema: schemas.approvalList } },
    async handle({ platform }, { workflow_id, limit = 50, cursor }) {
      const results: Approval[] = [];
      let next = cursor;
      let looked = 0;
      do {
        const page = await listActive(platform, next, {
          ...given({ workflow_id }),
          limit: Math.min(limit - results.length, 20),
        });
        for (const execution of page.results) results.push(...(await openApprovals(platform, execution)));
        looked += page.results.length;
        next = page.next_cursor;
      } while (next !== undefined && looked < looks && results.length < limit);
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
    errors: [
      ...['STEP_NOT_WAITING', 'APPROVAL_INVALID', 'EXECUTION_NOT_ACTIVE', 'VALUE_INVALID', 'UNSAFE_KEY'],
      ...['INBOX_FULL', 'ENCRYPTION_KEY_MISSING'],
    ],
    async handle({ platform, principal, audit }, { execution_id, step, body }) {
      const { approved, comment, values, asked } = body;
      const by = allows(principal.role, 'admin') && body.by !== undefined ? body.by : principal.name;
      const decision = { approved, by, ...given({ comment, values }) };
      if (await decideOnce(platform, execution_id, step, decision, asked))
        await audit('approval.decided', execution_id, given({ step, approved, by, comment }));
      return { status: 202, body: { execution_id } };
    },
  },
};

/** @throws EXECUTION_NOT_FOUND */
async function approvalsOf(platform: Platform, id: string): Promise<Approval[]> {
  const record = await platform.storage.executions.get(id);
  if (!record) throw noExecution(id);
  return record.completed_at === undefined ? openApprovals(platform, record) : [];
}

/**
 * A page of the executions that wait or, after the last of those, that run: there may be thousands, and they rarely ask anything.
 *
 * @param cursor - with {@link besides} before it for those that run
 */
async function listActive(
  { storage }: Platform,
  cursor: string | undefined,
  query: Pick<ExecutionQuery, 'workflow_id' | 'limit'>,
): Promise<{ results: readonly ExecutionSummary[]; next_cursor: string | undefined }> {
  const runs = cursor?.startsWith(besides) === true;
  const { results, next_cursor } = await storage.executions.list({
    ...query,
    status: [runs ? 'running' : 'waiting'],
    ...given({ cursor: runs ? cursor.slice(besides.length) || undefined : cursor }),
  });
  if (!runs) return { results, next_cursor: next_cursor ?? besides };
  return { results, next_cursor: next_cursor && besides + next_cursor };
}
