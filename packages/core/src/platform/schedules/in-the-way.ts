import type { ExecutionStore } from '../../ports/execution-store.ts';
import type { ScheduleRecord, ScheduleStore } from '../../ports/schedule-store.ts';

/** So many executions are looked at one by one. */
const most = 10;

/**
 * The execution that an earlier fire of the schedule started and that has not ended. Those started by hand or by
 * other schedules are not in the way.
 */
export async function findInTheWay(
  { id, workflow_id }: Pick<ScheduleRecord, 'id' | 'workflow_id'>,
  { schedules, executions }: { schedules: ScheduleStore; executions: ExecutionStore },
): Promise<string | undefined> {
  const active = await executions.list({
    workflow_id,
    status: ['pending', 'running', 'waiting'],
    limit: 500,
  });
  // Mostly that is all.
  if (active.results.length === 0) return undefined;
  // A fire that was skipped names what was in its way, however long ago that was started.
  const { results: fires } = await schedules.fires(id, { limit: 500 });
  const own = [...new Set(fires.flatMap(({ execution_id }) => execution_id ?? []))];
  if (active.next_cursor === undefined) {
    const ids = new Set(active.results.map((execution) => execution.id));
    return own.find((executionId) => ids.has(executionId));
  }
  for (const executionId of own.slice(0, most)) {
    const execution = await executions.get(executionId);
    if (execution && execution.completed_at === undefined) return executionId;
  }
  return undefined;
}
