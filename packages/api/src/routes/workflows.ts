import { hasCode, type WorkflowRecord } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { checkIdle } from 'operator-common';
import type { Call, Reply, Routes } from '../app/route.ts';
import { summaryOf, viewOf } from '../app/workflow-views.ts';
import type { StoredWorkflow } from '../contract/index.ts';
import { pageQuery, search } from '../schemas/common.ts';
import * as schemas from '../schemas/workflows.ts';
import { given, notFound, pageOf } from './common.ts';
import { draftOf, readSent, replacementOf, type SentDocument, validate } from './documents.ts';
import { checkNone, checkRev, isFresh, tagOf, withRetries } from './revs.ts';

const tag = 'Workflows';
const path = { workflow_id: schemas.workflowId };
const missing = 'WORKFLOW_NOT_FOUND';
const etag = { ETag: 'The `rev`, for `If-Match`.' };
const yaml = ['application/yaml'];

/** Workflows as they are stored. */
export const workflowRoutes: Pick<
  Routes,
  | 'listWorkflows'
  | 'createWorkflow'
  | 'validateWorkflow'
  | 'readWorkflow'
  | 'replaceWorkflow'
  | 'deleteWorkflow'
  | 'listVersions'
  | 'readVersion'
> = {
  listWorkflows: {
    tag,
    summary: 'List workflows',
    role: 'viewer',
    query: {
      type: { ...search, description: 'Only of this workflow type.' },
      q: { ...search, description: 'Found in id, name or text.' },
      ...pageQuery,
    },
    answers: { 200: { description: 'Ordered by id.', schema: schemas.workflowList } },
    async handle({ platform }, input) {
      return { status: 200, body: pageOf(await platform.workflows.list(given(input)), summaryOf) };
    },
  },
  createWorkflow: {
    tag,
    summary: 'Create a workflow',
    description:
      'The text of a YAML document is kept as it is, comments included; JSON is stored as YAML. The id is that of the document, or made from its name.',
    role: 'editor',
    body: 'document',
    answers: {
      201: {
        description: 'It is stored.',
        schema: schemas.storedWorkflow,
        types: yaml,
        headers: { ...etag, Location: 'Its path.' },
      },
    },
    errors: ['ALREADY_EXISTS', 'DOCUMENT_INVALID'],
    async handle(call, { body }) {
      const stored = await call.platform.workflows.save(
        draftOf(readSent(body, call.platform), call.platform),
        undefined,
      );
      await call.audit('workflow.created', stored.id, { rev: stored.rev });
      return created(call, stored);
    },
  },
  validateWorkflow: {
    tag,
    summary: 'Check a document',
    description: 'Finds all problems at once. Nothing is saved.',
    role: 'viewer',
    body: 'document',
    answers: { 200: { description: 'What was found.', schema: schemas.validation } },
    async handle({ platform }, { body }) {
      return { status: 200, body: validate(readSent(body, platform).text, platform) };
    },
  },
  readWorkflow: {
    tag,
    summary: 'Read a workflow',
    description: 'With `Accept: application/yaml` the answer is the text itself, as it was saved.',
    role: 'viewer',
    path,
    missing,
    headers: { if_none_match: { ...schemas.rev, description: 'The `ETag` of what is known already.' } },
    answers: {
      200: { description: 'The workflow.', schema: schemas.storedWorkflow, types: yaml, headers: etag },
      304: { description: 'It is the one that is known.', headers: etag },
    },
    async handle(call, { workflow_id }) {
      const record = await call.views.find(workflow_id);
      if (!record) throw noWorkflow(workflow_id);
      if (isFresh(call.header('if-none-match'), record.rev))
        return { status: 304, headers: { etag: tagOf(record.rev), vary: 'Accept' } };
      return answer(call, record, 200);
    },
  },
  replaceWorkflow: {
    tag,
    summary: 'Replace a workflow',
    description:
      'With `If-Match`, only when it has not been changed meanwhile; with `If-None-Match: *`, only when there is none: it is created then. A document that is sent as JSON keeps the comments of the stored text.',
    role: 'editor',
    path,
    missing,
    headers: {
      if_match: { ...schemas.rev, description: 'The `ETag` that the change is based on.' },
      if_none_match: { ...schemas.rev, description: '`*` to create it, and replace nothing.' },
    },
    body: 'document',
    answers: {
      201: {
        description: 'It is created.',
        schema: schemas.storedWorkflow,
        types: yaml,
        headers: { ...etag, Location: 'Its path.' },
      },
      200: { description: 'It is stored.', schema: schemas.storedWorkflow, types: yaml, headers: etag },
    },
    errors: ['REV_CONFLICT', 'DOCUMENT_INVALID'],
    async handle(call, { workflow_id, body, if_match, if_none_match }) {
      const { platform } = call;
      const sent = readSent(body, platform);
      if (if_none_match?.trim() === '*' && if_match === undefined) {
        const stored = await createAt(workflow_id, sent, platform);
        await call.audit('workflow.created', stored.id, { rev: stored.rev });
        return created(call, stored);
      }
      if (if_none_match !== undefined) checkNone(await find(platform, workflow_id), if_none_match);
      const { stored, replaces } = await change(workflow_id, if_match, async () => {
        const current = await find(platform, workflow_id);
        const draft = replacementOf(workflow_id, sent, current.text, platform);
        // The same text again is no change: nobody else has to be told. Nor is it a conflict: its first answer was lost.
        const same = current.text === draft.text && current.problems === undefined;
        if (same) return { stored: current };
        checkRev(current, if_match);
        return { stored: await platform.workflows.save(draft, current.rev), replaces: current.rev };
      });
      if (replaces !== undefined)
        await call.audit('workflow.saved', stored.id, { rev: stored.rev, replaces });
      return answer(call, stored, 200);
    },
  },
  deleteWorkflow: {
    tag,
    summary: 'Delete a workflow',
    description: 'Refused while it is executing. Its executions stay.',
    role: 'editor',
    path,
    missing,
    headers: { if_match: { ...schemas.rev, description: 'The `ETag` of what is to go.' } },
    answers: { 204: { description: 'It is gone.' } },
    errors: ['REV_CONFLICT', 'WORKFLOW_EXECUTING'],
    async handle(call, { workflow_id, if_match }) {
      const { platform } = call;
      const rev = await change(workflow_id, if_match, async () => {
        const current = await find(platform, workflow_id);
        checkRev(current, if_match);
        await checkIdle(platform.storage.executions, workflow_id);
        await platform.workflows.remove(workflow_id, current.rev);
        return current.rev;
      });
      await call.audit('workflow.deleted', workflow_id, { rev });
      return { status: 204 };
    },
  },
  listVersions: {
    tag,
    summary: 'List the versions of a workflow',
    role: 'viewer',
    path,
    missing,
    query: pageQuery,
    answers: { 200: { description: 'Newest first.', schema: schemas.workflowList } },
    async handle({ platform }, { workflow_id, ...page }) {
      const versions = await platform.workflows.versions(workflow_id, given(page));
      if (versions.count === 0) throw noWorkflow(workflow_id);
      return { status: 200, body: pageOf(versions, summaryOf) };
    },
  },
  readVersion: {
    tag,
    summary: 'Read a version of a workflow',
    description: 'To compare with; saving its text again restores it.',
    role: 'viewer',
    path: { ...path, rev: schemas.rev },
    missing,
    answers: { 200: { description: 'As it was.', schema: schemas.storedWorkflow, types: yaml } },
    errors: ['NOT_FOUND'],
    async handle(call, { workflow_id, rev }) {
      return rendered(call, await findVersion(call.platform, workflow_id, rev), 200, {}, (record) =>
        JSON.stringify(viewOf(record)),
      );
    },
  },
};

/** @throws WORKFLOW_NOT_FOUND */
async function find({ workflows }: Platform, id: string): Promise<WorkflowRecord> {
  const record = await workflows.get(id);
  if (record) return record;
  throw noWorkflow(id);
}

/** Stores a workflow under an id that nothing has. @throws REV_CONFLICT when something has it */
async function createAt(id: string, sent: SentDocument, platform: Platform): Promise<WorkflowRecord> {
  const { workflows } = platform;
  const there = await workflows.get(id);
  if (there) checkNone(there, '*');
  try {
    return await workflows.save(replacementOf(id, sent, undefined, platform), undefined);
  } catch (error) {
    // Somebody else was faster.
    if (hasCode(error, 'ALREADY_EXISTS')) checkNone(await find(platform, id), '*');
    throw error;
  }
}

/**
 * Changes a workflow. What is based on no certain rev wins over what is saved meanwhile; what is, is looked at once more: it may
 * have been the same change.
 *
 * @throws WORKFLOW_NOT_FOUND, also when it went meanwhile; REV_CONFLICT
 */
async function change<T>(id: string, ifMatch: string | undefined, save: () => Promise<T>): Promise<T> {
  try {
    return await withRetries(save, ifMatch === undefined ? undefined : 2);
  } catch (error) {
    throw hasCode(error, 'NOT_FOUND') ? noWorkflow(id) : error;
  }
}

async function findVersion({ workflows }: Platform, id: string, rev: string): Promise<WorkflowRecord> {
  let cursor: string | undefined;
  do {
    const page = await workflows.versions(id, { limit: 100, ...(cursor !== undefined && { cursor }) });
    if (page.count === 0) throw noWorkflow(id);
    const found = page.results.find((each) => each.rev === rev);
    if (found) return found;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  throw notFound('NOT_FOUND', `Workflow "${id}" has no version "${rev}".`);
}

function noWorkflow(id: string): Error {
  return notFound('WORKFLOW_NOT_FOUND', `There is no workflow "${id}".`);
}

function created(call: Call, record: WorkflowRecord): Reply<StoredWorkflow> {
  return answer(call, record, 201, { location: `/api/vwmp/workflows/${record.id}/` });
}

function answer(
  call: Call,
  record: WorkflowRecord,
  status: number,
  headers: Record<string, string> = {},
): Reply<StoredWorkflow> {
  const withTag = { etag: tagOf(record.rev), ...headers };
  return rendered(call, record, status, withTag, (each) => call.views.json(each));
}

function rendered(
  { header }: Call,
  record: WorkflowRecord,
  status: number,
  headers: Record<string, string>,
  toJson: (record: WorkflowRecord) => string,
): Reply<StoredWorkflow> {
  const vary = { vary: 'Accept' };
  if (!wantsYaml(header('accept'))) return { status, text: toJson(record), headers: { ...headers, ...vary } };
  const type = { 'content-type': 'application/yaml; charset=utf-8' };
  return { status, text: record.text, headers: { ...headers, ...type, ...vary } };
}

/** True when YAML comes first in what is accepted. */
function wantsYaml(accept: string | undefined): boolean {
  return accept !== undefined && /^\s*(application|text)\/(x-)?yaml\b/i.test(accept);
}
