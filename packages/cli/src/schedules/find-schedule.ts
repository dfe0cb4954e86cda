import type { ScheduleRecord, ScheduleStore } from '@vwmp/core';
import { UsageError } from '../cli/usage-error.ts';
import { safe } from '../terminal/safe.ts';

/** All of them, or those of one workflow, ordered by id. */
export async function allSchedules(store: ScheduleStore, workflowId?: string): Promise<ScheduleRecord[]> {
  const found: ScheduleRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({
      limit: 500,
      ...(workflowId !== undefined && { workflow_id: workflowId }),
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.results);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found;
}

/**
 * The schedule with an id, or the only one whose id begins so, or the only one of the workflow with that id.
 *
 * @throws UsageError when there is none or there are several
 */
export async function findSchedule(store: ScheduleStore, given: string): Promise<ScheduleRecord> {
  const exact = given === '' ? undefined : await store.get(given);
  if (exact) return exact;
  const all = given === '' ? [] : await allSchedules(store);
  const ofWorkflow = all.filter(({ workflow_id }) => workflow_id === given);
  const found = ofWorkflow.length > 0 ? ofWorkflow : all.filter(({ id }) => id.startsWith(given));
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (!only) {
    const message = `There is no schedule whose id is or begins with "${safe(given)}", and no workflow of that id that has one.`;
    throw new UsageError(`${message} vwmp schedule list shows them.`);
  }
  const list = found.slice(0, 5).map(({ id, schedule }) => `${id} (${schedule})`);
  const more = found.length > 5 ? ', …' : '';
  throw new UsageError(`Several schedules fit "${safe(given)}": ${list.join(', ')}${more}.`);
}
