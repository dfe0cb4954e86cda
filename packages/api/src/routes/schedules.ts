import type { ScheduleRecord } from '@vwmp/core';
import { editDocument, parseDocument } from '@vwmp/core/language';
import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import { refuse } from '../app/error-answer.ts';
import type { Routes } from '../app/route.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/operation.ts';
import { workflowId } from '../schemas/workflows.ts';
import { given, notFound, pageOf } from './common.ts';
import { withRetries } from './revs.ts';

const tag = 'Schedules';
const path = { schedule_id: schemas.scheduleId };

/** The schedules that stand in stored workflows. */
export const scheduleRoutes: Pick<
  Routes,
  'listSchedules' | 'readSchedule' | 'updateSchedule' | 'deleteSchedule'
> = {
  listSchedules: {
    tag,
    summary: 'List the schedules',
    description: 'Which there are is written in the `triggers` of workflows.',
    role: 'viewer',
    query: { workflow_id: Type.Optional(workflowId), ...pageQuery },
    answers: { 200: { description: 'Ordered by id.', schema: schemas.scheduleList } },
    async handle({ platform }, input) {
      return { status: 200, body: pageOf(await platform.schedules.list(given(input)), show) };
    },
  },
  readSchedule: {
    tag,
    summary: 'Read what a schedule did and will do',
    role: 'viewer',
    path,
    query: {
      count: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 100, default: 5, description: 'So many times of each kind.' }),
      ),
    },
    answers: { 200: { description: 'The schedule.', schema: schemas.scheduleAnswer } },
    async handle({ platform }, { schedule_id, count = 5 }) {
      const { schedule, next, due, last } = await platform.schedules.explain(schedule_id, { count });
      return { status: 200, body: { ...show(schedule), next, due, last } };
    },
  },
  updateSchedule: {
    tag,
    summary: 'Pause or resume a schedule',
    description: 'The rest of it is changed in the document of its workflow.',
    role: 'editor',
    path,
    body: schemas.pauseInput,
    answers: { 200: { description: 'The schedule.', schema: schemas.schedule } },
    async handle({ platform: { schedules }, audit }, { schedule_id, body: { paused } }) {
      const record = await (paused ? schedules.pause(schedule_id) : schedules.resume(schedule_id));
      await audit(paused ? 'schedule.paused' : 'schedule.resumed', schedule_id);
      return { status: 200, body: show(record) };
    },
  },
  deleteSchedule: {
    tag,
    summary: 'Delete a schedule',
    description:
      'Takes its trigger out of the document of its workflow, and leaves the rest of the text as it is.',
    role: 'editor',
    path,
    answers: { 204: { description: 'It is gone.' } },
    errors: ['DOCUMENT_INVALID'],
    async handle({ platform, audit }, { schedule_id }) {
      const record = await platform.storage.schedules.get(schedule_id);
      if (!record) throw notFound('NOT_FOUND', `There is no schedule "${schedule_id}".`);
      const rev = await withRetries(() => removeTrigger(platform, record));
      await audit('schedule.deleted', schedule_id, { workflow_id: record.workflow_id, ...given({ rev }) });
      return { status: 204 };
    },
  },
};

/** What is stored, and nothing that a store may add. */
function show(record: ScheduleRecord): ScheduleRecord {
  const { id, workflow_id, schedule, timezone, overlap, catchup, parameters, paused, decided_until } = record;
  return { id, workflow_id, schedule, timezone, overlap, catchup, parameters, paused, decided_until };
}

/**
 * @returns the new rev; undefined when the document did not have it any more
 * @throws DOCUMENT_INVALID when nobody can tell, as the document cannot be read: its schedules would be back as soon as it is mended
 */
async function removeTrigger(platform: Platform, record: ScheduleRecord): Promise<string | undefined> {
  const workflow = await platform.workflows.get(record.workflow_id);
  const source = workflow && parseDocument(workflow.text);
  const [problem] = source?.problems ?? [];
  if (problem) {
    const message = `The document of workflow "${record.workflow_id}" cannot be read, so that nothing can be taken out of it: ${problem.message} Correct it first, or pause the schedule.`;
    throw refuse('DOCUMENT_INVALID', message, source?.problems);
  }
  const at = source && (await platform.schedules.locate(record.id, source.value));
  if (!workflow || !source || at === undefined) {
    // What the document does not say is no schedule of it: the next look at it would find the same.
    await platform.storage.schedules.remove(record.id);
    return undefined;
  }
  const { triggers } = source.value as { triggers: unknown[] };
  const last = triggers.length === 1;
  const text = editDocument(source, [{ remove: [...source.root, 'triggers', ...(last ? [] : [at])] }]);
  const { id, name, type, version } = workflow;
  return (await platform.workflows.save({ id, name, type, version, text }, workflow.rev)).rev;
}
